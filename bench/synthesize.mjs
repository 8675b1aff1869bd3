// The TypeScript side of the comparison, as compiled JavaScript: the same resources as Synthesis.cs, from the same npm packages.
//   node bench/synthesize.mjs <index|lazy-index> <resources> <output directory>
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [index, resources, outdir] = process.argv.slice(2);
const clock = () => performance.now();

const start = clock();
const { App, TerraformStack } = require("cdktf");
const { namespaceV1, networkPolicyV1, provider } = require(`@cdktf/provider-kubernetes/lib/${index}.js`);
const app = new App({ outdir });
const loaded = clock();
for (let s = 0; s < 6; s++) {
  const stack = new TerraformStack(app, `stack-${s}`);
  new provider.KubernetesProvider(stack, "kubernetes");
  for (let i = s; i < resources / 2; i += 6) {
    const namespace = new namespaceV1.NamespaceV1(stack, `namespace-${i}`, {
      metadata: { name: `team-${i}`, labels: { environment: "bench", owner: `team-${i}` } },
    });
    new networkPolicyV1.NetworkPolicyV1(stack, `policy-${i}`, {
      metadata: { name: "default-deny", namespace: namespace.metadata.name },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
  }
}
const made = clock();
app.synth();
const written = clock();
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ load: loaded - start, make: made - loaded, write: written - made, megabytes }));
