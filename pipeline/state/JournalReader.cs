namespace InfraCdktf.Pipeline.State;

/// <summary>
/// Reads the events of a journal in their order. Several operations can run at one address at the same time: the delete of a
/// deposed object, and the create or update of the current one. Then Terraform 1.11.4 writes the end of only one of them
/// (measured with two deletes); its action may be that of the last start (inferred). So an end with an id is the end of the
/// create or update of that id, and an end without an id is the end of a delete. What cannot be told has no end here: recovery
/// then asks, and never guesses.
/// </summary>
internal sealed class JournalReader
{
    private const string Create = "create";
    private const string Update = "update";
    private const string Delete = "delete";
    private const string Replace = "replace";

    private readonly Dictionary<string, AddressEvents> _addresses = new(StringComparer.Ordinal);

    /// <summary>Adds an event. One that is about no object says nothing here.</summary>
    public void Add(ApplyEvent item)
    {
        // Terraform writes the errors after the ends of all operations.
        if (item is { IsError: true, About: { } about, Reason: { } reason })
            _addresses.GetValueOrDefault(about)?.Blame(reason);
        if (item is not { Address: { } address, ResourceType: { } type })
            return;
        if (!_addresses.TryGetValue(address, out var events))
            _addresses[address] = events = new(address, type);
        events.Add(item);
    }

    /// <summary>What the events say.</summary>
    public JournalContent Content =>
        new(
            [.. _addresses.Values.SelectMany(events => events.Created)],
            [.. _addresses.Values.SelectMany(events => events.InFlight)],
            [.. _addresses.Values.SelectMany(events => events.Deleted)],
            [.. _addresses.Values.SelectMany(events => events.Changing)]
        );

    private sealed record Operation(string Action, string? Id);

    private sealed class AddressEvents(string address, string type)
    {
        private readonly List<Operation> _open = [];
        private readonly List<string> _created = [];
        private readonly List<string> _deleted = [];
        private readonly List<string> _reasons = [];
        private bool _failed;
        private bool _replaces;
        private bool _shared;

        public IEnumerable<JournalObject> Created => _created.Select(Object);

        public IEnumerable<JournalObject> Deleted => _deleted.Select(Object);

        public IEnumerable<JournalObject> InFlight =>
            _failed || _open.Any(operation => operation.Action == Create)
                ? [Object(null) with { Failed = _failed, Shared = _shared, AnswerLost = _failed && IsAnswerLost }]
                : [];

        public IEnumerable<JournalObject> Changing =>
            _open.Where(operation => operation.Action != Create).Select(operation => Object(operation.Id));

        // Without an error of its own it cannot be told, so it counts as lost.
        private bool IsAnswerLost => _reasons.Count == 0 || _reasons.Any(LostAnswer.Is);

        public void Blame(string reason) => _reasons.Add(reason);

        public void Add(ApplyEvent item)
        {
            switch (item.Type)
            {
                case ApplyEvent.Planned:
                    _replaces |= item.Action == Replace;
                    break;
                case ApplyEvent.Start when item.Action is Create or Update or Delete:
                    _shared = _open.Count > 0;
                    _open.Add(new(item.Action, item.Id));
                    break;
                case ApplyEvent.Complete when item.Id is { } id:
                    CompleteWith(id, item.Action);
                    break;
                case ApplyEvent.Complete:
                    CompleteWithoutId();
                    break;
                case ApplyEvent.Errored:
                    _failed |= _open.Any(operation => operation.Action == Create);
                    if (_open.Count == 1)
                        _open.Clear();
                    break;
                case ApplyEvent.Found:
                    EndCreate();
                    Exists(item.Id!);
                    break;
                case ApplyEvent.Settled when item.Id is { } id:
                    _created.Remove(id);
                    break;
                case ApplyEvent.Settled:
                    EndCreate();
                    break;
            }
        }

        private JournalObject Object(string? id) => new(address, type, id, Replaces: _replaces);

        private void CompleteWith(string id, string? action)
        {
            if (_open.RemoveAll(operation => operation.Action == Update && operation.Id == id) > 0)
                return;
            if (action is not (Create or Delete) && _open.All(operation => operation.Action != Create))
                return; // an update or read whose start is not in the journal
            EndCreate();
            Exists(id);
        }

        private void CompleteWithoutId()
        {
            var deletes = _open.Where(operation => operation.Action == Delete).ToList();
            if (deletes is not [var ended])
                return;
            _open.Remove(ended);
            if (ended.Id is not { } id)
                return;
            _created.Remove(id);
            _deleted.Add(id);
        }

        private void EndCreate()
        {
            _open.RemoveAll(operation => operation.Action == Create);
            _failed = false;
        }

        // A Kubernetes object that is replaced can have the id of the old one.
        private void Exists(string id)
        {
            _deleted.Remove(id);
            if (!_created.Contains(id))
                _created.Add(id);
        }
    }
}
