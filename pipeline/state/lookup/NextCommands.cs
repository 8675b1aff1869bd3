namespace InfraCdktf.Pipeline.State.Lookup;

/// <summary>
/// What a person can run for each object that a recovery left, complete commands. The last line answers everything at once that
/// is clear.
/// </summary>
public static class NextCommands
{
    /// <summary>The lines for people.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="unknown">The objects.</param>
    public static IEnumerable<string> Of(string stack, IReadOnlyList<UnknownObject> unknown)
    {
        foreach (var item in unknown)
        {
            yield return $"{stack}: {Head(item)}: {item.Address}{(item.Name is null ? "" : $", named {item.Name}")}";
            if (item.Made is null && item.Search is null or { Verdict: Verdict.NotAsked })
                yield return $"  check with: {item.Look}";
            if (item.Older.Count > 0 && item.Search?.Occupant is null)
                yield return $"  it is a new one, not the older one that is in the state (id {string.Join(", ", item.Older)})";
            foreach (var line in Choices(stack, item))
                yield return line;
        }
        foreach (var line in Together(stack, unknown))
            yield return line;
    }

    private static string Head(UnknownObject item) =>
        item.Search?.Verdict switch
        {
            Verdict.Found or Verdict.Unsure or Verdict.Shared => "found, and not in the state yet",
            Verdict.Several => "more than one object can be this one",
            Verdict.NotMade when item.Search.AreOlder => "only an older object has this name",
            Verdict.NotMade => "only an object that this apply did not make has this name",
            Verdict.Absent => "not found",
            Verdict.Unsettled => "not found yet",
            Verdict.Unproven => "not found, perhaps because it is in another account",
            _ when item.Made is not null => "created by this apply, and not found now",
            _ => "not known whether this object exists",
        };

    private static IEnumerable<string> Choices(string stack, UnknownObject item)
    {
        var absent = Command(stack, Absent(item));
        switch (item.Search)
        {
            case null when item.Made is { } made:
                yield return $"  its id is {made}; with the token or kubeconfig of another account or cluster nothing is found";
                yield return $"  check LINODE_TOKEN and KUBE_CONFIG_PATH, then look again: state recover {stack} --yes";
                yield return $"  if it was deleted since:                              {absent}";
                break;
            case { Verdict: Verdict.Found, Id: { } id }:
                yield return $"  to take it into the state: {Command(stack, Adopt(item, id))}";
                break;
            case { Verdict: Verdict.Unsure or Verdict.Shared, Unproven: not null, Id: { } id }:
                yield return $"  check LINODE_TOKEN, then look again:   state recover {stack} --yes";
                // Besides the state's object it is a question only in the right account.
                if (item.Search.Occupant is null)
                    yield return $"  if it is right, and it is this one:    {Command(stack, Adopt(item, id))}";
                yield return $"  if it is right, and it is another one: {absent}";
                break;
            case { Verdict: Verdict.Unsure or Verdict.Shared, Occupant: { } other, Id: { } id }:
                yield return $"  to keep {other}: delete {id}, if nothing uses it, then {absent}";
                yield return $"  to keep {id}, so that the next deploy deletes {other}: {Command(stack, Adopt(item, id))}";
                break;
            case { HasFailed: true, Id: { } id }:
                yield return "  to delete it, so that the next deploy creates it again: "
                    + $"{Command(stack, Adopt(item, id), $"--replace '{item.Address}'", "--yes")}";
                yield return $"  to keep it: repair it in the Cloud Manager, then state recover {stack} --yes";
                yield return $"  if it is another one: {absent}";
                break;
            case { Verdict: Verdict.Unsure or Verdict.Shared, Id: { } id }:
                yield return $"  if it is this one:    {Command(stack, Adopt(item, id))}";
                yield return $"  if it is another one: {absent}";
                break;
            case { Verdict: Verdict.Several or Verdict.NotMade, Sightings: { } sightings }:
                foreach (var sighting in sightings)
                    yield return $"  if it is {sighting}: {Command(stack, Adopt(item, sighting.Id))}";
                yield return $"  if it is none of them: {absent}";
                break;
            case { Verdict: Verdict.Absent }:
                yield return $"  to note that it does not exist: {absent}";
                break;
            case { Verdict: Verdict.Unsettled }:
                yield return $"  to look again:                        state recover {stack} --yes";
                yield return $"  if you know that it will never exist: {absent}";
                break;
            case { Verdict: Verdict.Unproven }:
                yield return $"  check LINODE_TOKEN, then look again:   state recover {stack} --yes";
                yield return $"  if it is right, and it does not exist: {absent}";
                break;
            default:
                yield return $"  if it exists:         {Command(stack, Adopt(item, "ID"))}";
                yield return $"  if it does not exist: {absent}";
                break;
        }
    }

    // One command for what is clear, and one for what is probable: with many objects in flight nobody types them one by one.
    private static IEnumerable<string> Together(string stack, IReadOnlyList<UnknownObject> unknown)
    {
        var clear = unknown.Where(item => item.Search?.Verdict is Verdict.Found or Verdict.Absent).ToList();
        var unsure = unknown
            .Where(item => item.Search is { Verdict: Verdict.Unsure, Occupant: null, Unproven: null, HasFailed: false })
            .ToList();
        var unsettled = unknown.Where(item => item.Search?.Verdict is Verdict.Unsettled).ToList();
        var unproven = unknown.Where(item => item.Search?.Verdict is Verdict.Unproven).ToList();
        if (clear.Count > 1)
            yield return $"{stack}: all found and not found ones at once:\n  {Command(stack, [.. clear.Select(Answer)])}";
        if (unsure.Count > 1)
            yield return $"{stack}: those that may be others at once, after you checked them:\n"
                + $"  {Command(stack, [.. unsure.Select(Answer)])}";
        if (unsettled.Count > 1)
            yield return $"{stack}: those not found yet at once, if you know that they will never exist:\n"
                + $"  {Command(stack, [.. unsettled.Select(Answer)])}";
        if (unproven.Count > 1)
            yield return $"{stack}: those not found at once, if LINODE_TOKEN is right and they do not exist:\n"
                + $"  {Command(stack, [.. unproven.Select(Answer)])}";
    }

    private static string Answer(UnknownObject item) => item.Search!.Id is { } id ? Adopt(item, id) : Absent(item);

    private static string Adopt(UnknownObject item, string id) => $"--adopt '{item.Address}={id}'";

    private static string Absent(UnknownObject item) => $"--absent '{item.Address}'";

    private static string Command(string stack, params ReadOnlySpan<string> answers) =>
        $"state recover {stack} {string.Join(' ', answers)}";
}
