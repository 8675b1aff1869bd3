namespace InfraCdktf.Tests;
