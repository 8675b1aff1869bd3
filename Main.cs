using InfraCdktf.Environments;
using InfraCdktf.Stacks;

// What cdktf.json calls: synthesizes where cdktf-cli says (CDKTF_OUTDIR), or into cdktf.out.
PlatformApp.Synth(Inventory.Platform, System.Environment.GetEnvironmentVariable("CDKTF_OUTDIR") ?? "cdktf.out");
return 0;
