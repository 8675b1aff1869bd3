namespace InfraCdktf.Sandbox.Accounts;

/// <summary>The active faults. Each has the number of matching calls so far.</summary>
internal sealed class FaultList
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    public void Add(Fault fault)
    {
        lock (_lock)
            _entries.Add(new Entry(fault));
    }

    public void Clear()
    {
        lock (_lock)
            _entries.Clear();
    }

    /// <summary>The faults that have not applied to any call yet.</summary>
    public IReadOnlyList<Fault> Unstruck()
    {
        lock (_lock)
            return [.. _entries.Where(entry => entry.Seen < entry.Fault.Nth).Select(entry => entry.Fault)];
    }

    /// <summary>Counts a call for every fault that matches it. Returns the first fault that applies to it.</summary>
    public Fault? Strike(string operation, string type, string name)
    {
        lock (_lock)
        {
            Fault? struck = null;
            foreach (var entry in _entries.Where(e => e.Fault.Matches(operation, type, name)))
            {
                entry.Seen++;
                if (entry.Seen >= entry.Fault.Nth && entry.Seen < entry.Fault.Nth + entry.Fault.Times)
                    struck ??= entry.Fault;
            }
            return struck;
        }
    }

    private sealed class Entry(Fault fault)
    {
        public Fault Fault { get; } = fault;
        public int Seen { get; set; }
    }
}
