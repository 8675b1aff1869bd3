using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;

namespace InfraCdktf.Sandbox.Accounts;

/// <summary>
/// Stops the calls of a fault while they are under way, so that a test can act at this moment without a wait of fixed length. A
/// held call goes on after <see cref="Release"/>. It ends without an effect when Terraform stops the provider (Ctrl-C) or when
/// its connection ends (Terraform was killed), but a Helm release is left half done. With <see cref="Fault.AfterEffect"/> or
/// <see cref="Fault.AnswerLost"/> the effect exists already: a stop then gives an error and, with the first one, the new state,
/// so Terraform taints a created object. In the JSON of a fault <c>"hold": true</c> is a hold that is never released.
/// </summary>
public sealed class Hold
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<string> _reached = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _left = Channel.CreateUnbounded<string>();

    /// <summary>
    /// False: the call stays held when Terraform stops the provider, as calls of the Helm provider do (measured). It ends when
    /// Terraform has ended.
    /// </summary>
    public bool HeedsStop { get; init; } = true;

    /// <summary>Waits until a call is held. Each held call is returned once: two calls need two waits.</summary>
    /// <param name="ct">Ends the wait, for example because the program that should make the call has failed.</param>
    /// <returns>The call, for example "create linode_vpc nodes".</returns>
    public Task<string> ReachedAsync(CancellationToken ct) => _reached.Reader.ReadAsync(ct).AsTask();

    /// <summary>Waits until a call is no longer held, for whatever reason. Each call is returned once.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The call, as <see cref="ReachedAsync"/> returns it.</returns>
    public Task<string> LeftAsync(CancellationToken ct) => _left.Reader.ReadAsync(ct).AsTask();

    /// <summary>Lets all held calls go on, and all later calls pass.</summary>
    public void Release() => _released.TrySetResult();

    /// <exception cref="OperationCanceledException">The call ended before the release.</exception>
    internal async Task WaitAsync(string call, CancellationToken ended)
    {
        _reached.Writer.TryWrite(call);
        try
        {
            await _released.Task.WaitAsync(ended);
        }
        finally
        {
            _left.Writer.TryWrite(call);
        }
    }

    /// <summary>Reads <c>true</c> as a hold and <c>false</c> as none.</summary>
    internal sealed class Converter : JsonConverter<Hold>
    {
        public override Hold? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType switch
            {
                JsonTokenType.True => new Hold(),
                JsonTokenType.False => null,
                _ => throw new FormatException("hold must be true or false."),
            };

        public override void Write(Utf8JsonWriter writer, Hold value, JsonSerializerOptions options) =>
            writer.WriteBooleanValue(true);
    }
}
