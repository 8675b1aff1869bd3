// Our word for one environment of the platform; the process's own environment is always written System.Environment.
global using Environment = InfraCdktf.Environments.Environment;
