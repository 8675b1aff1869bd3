namespace InfraCdktf.Constructs.Services;

/// <summary>
/// The name of a shared service: its Helm release, and the last part of its state address. Each service's class has one as
/// <c>Name</c>, and other services refer to that, so a reference to a service that does not exist does not compile.
/// </summary>
/// <param name="Text">The name; it never changes.</param>
public sealed record ServiceName(string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}
