namespace InfraCdktf.Environments.Linode;

/// <summary>A Linode plan.</summary>
/// <param name="Class">nanode, standard (both on shared CPUs), dedicated, premium or highmem.</param>
/// <param name="Vcpus">Virtual CPUs.</param>
/// <param name="MemoryMb">Memory in MiB (Linode writes "MB").</param>
public sealed record Plan(string Class, int Vcpus, int MemoryMb);
