using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Access;

/// <summary>The end of the tokens of a deleted Secret or account, as far as it is known.</summary>
/// <param name="Of">The Secret or account.</param>
/// <param name="Refused">
/// True if the API server was asked with every token that is known here, and refused it. False if it could not be asked.
/// </param>
/// <param name="Says">A sentence for people.</param>
public sealed record TokenEnd(string Of, bool Refused, string Says)
{
    /// <summary>
    /// How long an API server accepts a token again that it accepted before, without a check: kube-apiserver has no option for it
    /// (TokenSuccessCacheTTL in pkg/kubeapiserver/options/authentication.go; measured on Kubernetes 1.34.1). Each server of a
    /// control plane remembers for itself, so one refusal does not prove that the others refuse.
    /// </summary>
    public static TimeSpan Remembered { get; } = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Waits until no API server remembers a token that it accepted before the deletion, then until the known tokens are refused.
    /// </summary>
    /// <param name="workspace">Has the clock and the environment variables for kubectl.</param>
    /// <param name="ended">The Secrets or accounts that were deleted just now, each with the files that have its tokens.</param>
    /// <param name="line">Called with a line before the wait.</param>
    /// <param name="cancellation">Ends the wait; the deletion stays.</param>
    /// <exception cref="PipelineException">A token is still accepted after half a minute.</exception>
    public static async Task<IReadOnlyList<TokenEnd>> WaitAsync(
        Workspace workspace,
        IReadOnlyList<(string Of, IReadOnlyList<IssuedKubeconfig> Files)> ended,
        Action<string> line,
        CancellationToken cancellation
    )
    {
        if (ended.Count == 0)
            return [];
        var deleted = workspace.Time.GetUtcNow();
        line(
            $"Deleted: {string.Join(", ", ended.Select(one => one.Of))}. Waiting {Seconds(Remembered)} seconds: so long an API "
                + "server may still accept a token that it accepted before."
        );
        await Task.Delay(Remembered, workspace.Time, cancellation);
        var ends = new List<TokenEnd>();
        foreach (var (of, files) in ended)
        {
            if (files.Count == 0)
                ends.Add(
                    new(
                        of,
                        false,
                        $"{of}: not checked, because no kubeconfig with its token is on this machine. The {Seconds(Remembered)} "
                            + "seconds in which an API server may still accept it have passed."
                    )
                );
            foreach (var file in files)
                ends.Add(await OfAsync(workspace, of, file, deleted + _longest, cancellation));
        }
        return ends;
    }

    private static int Seconds(TimeSpan time) => (int)time.TotalSeconds;

    private static async Task<TokenEnd> OfAsync(
        Workspace workspace,
        string of,
        IssuedKubeconfig file,
        DateTimeOffset deadline,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            var (accepted, reason) = await file.AskAsync(workspace, cancellation);
            if (accepted == false)
                return new(of, true, $"{of}: the API server refuses the token in {file.File}.");
            if (workspace.Time.GetUtcNow() >= deadline)
                return accepted is null
                    ? new(
                        of,
                        false,
                        $"{of}: not checked, because the API server could not be asked with the token in {file.File}: {reason}\n"
                            + $"Ask it when it answers: kubectl --kubeconfig {file.File} auth whoami. \"Unauthorized\" means "
                            + "that the token has ended."
                    )
                    : throw new PipelineException(
                        $"{of}: the API server still accepts the token in {file.File}, {Seconds(_longest)} seconds after the "
                            + $"deletion. Delete its account, {file.User}, and tell the security contact now."
                    );
            await Task.Delay(_pause, workspace.Time, cancellation);
        }
    }
}
