using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Core;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Clouds;
using InfraCdktf.Sandbox.Hosting;
using InfraCdktf.Sandbox.Protocol.Messages;
using InfraCdktf.Sandbox.Values;
using Microsoft.AspNetCore.Http;

namespace InfraCdktf.Sandbox.Protocol;

/// <summary>The provider side of plugin protocol 6 for one cloud and account.</summary>
internal sealed class ProviderService(Cloud cloud, Account account, IReadOnlyDictionary<string, string> environment)
    : Provider.ProviderBase
{
    private readonly GetProviderSchema.Types.Response _schema = SchemaMessages.Response(cloud.Schema);

    /// <summary>The resources by connection: each Terraform process configures the provider separately.</summary>
    private readonly ConcurrentDictionary<string, Resources> _configured = [];

    /// <summary>Cancelled when the Terraform process of a connection stops the provider.</summary>
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _stopped = [];

    public override Task<GetProviderSchema.Types.Response> GetProviderSchema(
        GetProviderSchema.Types.Request request,
        ServerCallContext from
    ) => Task.FromResult(_schema);

    public override async Task<StopProvider.Types.Response> StopProvider(
        StopProvider.Types.Request request,
        ServerCallContext from
    )
    {
        await Stopped(from).CancelAsync();
        return new StopProvider.Types.Response();
    }

    public override Task<ValidateProviderConfig.Types.Response> ValidateProviderConfig(
        ValidateProviderConfig.Types.Request request,
        ServerCallContext from
    )
    {
        var response = new ValidateProviderConfig.Types.Response();
        var config = Decode(request.Config, cloud.Schema.Provider);
        Report(response.Diagnostics, ConfigurationCheck.Run(cloud.Schema.Provider, cloud.Facts.Provider, config));
        return Task.FromResult(response);
    }

    public override async Task<ConfigureProvider.Types.Response> ConfigureProvider(
        ConfigureProvider.Types.Request request,
        ServerCallContext from
    )
    {
        var response = new ConfigureProvider.Types.Response();
        await Answer(
            from,
            "configure",
            cloud.Name,
            "",
            response.Diagnostics,
            () =>
            {
                var settings = cloud.Configure(Json(Decode(request.Config, cloud.Schema.Provider)), environment);
                // Read now: the connection's object is used again for later calls.
                var connection = ConnectionOf(from);
                var (theirPort, ourPort) = (connection.RemotePort, connection.LocalPort);
                var caller = new Caller(settings, new(() => CallerProcess.DirectoryOf(theirPort, ourPort)));
                _configured[connection.Id] = new Resources(cloud, account, caller);
            }
        );
        return response;
    }

    public override Task<ValidateResourceConfig.Types.Response> ValidateResourceConfig(
        ValidateResourceConfig.Types.Request request,
        ServerCallContext from
    ) => Validate(request, cloud.Schema.Resources, cloud.Facts.Resource, from);

    public override Task<ValidateResourceConfig.Types.Response> ValidateDataResourceConfig(
        ValidateResourceConfig.Types.Request request,
        ServerCallContext from
    ) => Validate(request, cloud.Schema.DataSources, cloud.Facts.Data, from);

    private async Task<ValidateResourceConfig.Types.Response> Validate(
        ValidateResourceConfig.Types.Request request,
        IReadOnlyDictionary<string, ResourceSchema> schemas,
        Func<string, BodyFacts> facts,
        ServerCallContext from
    )
    {
        var response = new ValidateResourceConfig.Types.Response();
        var body = schemas[request.TypeName].Body;
        var config = Decode(request.Config, body);
        await Answer(
            from,
            "validate",
            request.TypeName,
            NameOf(request.TypeName, config),
            response.Diagnostics,
            () =>
            {
                var problems = ConfigurationCheck.Run(body, facts(request.TypeName), config).ToList();
                if (schemas == cloud.Schema.Resources)
                    problems.AddRange(cloud.Validate(request.TypeName, Json(config)));
                Report(response.Diagnostics, problems);
            }
        );
        return response;
    }

    /// <summary>Reads a state of any version with the types of the current schema. Removed attributes are dropped.</summary>
    public override Task<UpgradeResourceState.Types.Response> UpgradeResourceState(
        UpgradeResourceState.Types.Request request,
        ServerCallContext from
    )
    {
        var response = new UpgradeResourceState.Types.Response();
        var body = cloud.Schema.Resources[request.TypeName].Body;
        try
        {
            var state = JsonNode.Parse(request.RawState.Json.Span) as JsonObject;
            response.UpgradedState = Encode(JsonValues.FromJson(state, body.Type), body);
        }
        catch (FormatException e)
        {
            response.Diagnostics.Add(Error($"The state of {request.TypeName} does not fit its schema", e.Message));
        }
        return Task.FromResult(response);
    }

    public override async Task<ReadResource.Types.Response> ReadResource(
        ReadResource.Types.Request request,
        ServerCallContext from
    )
    {
        var response = new ReadResource.Types.Response { Private = request.Private, NewState = request.CurrentState };
        var body = cloud.Schema.Resources[request.TypeName].Body;
        var state = Decode(request.CurrentState, body)!;
        await Answer(
            from,
            "read",
            request.TypeName,
            NameOf(request.TypeName, state),
            response.Diagnostics,
            () =>
                response.NewState = Encode(
                    Configured(from).Read(request.TypeName, Id(request.TypeName, request.Private, state), state),
                    body
                )
        );
        return response;
    }

    public override async Task<PlanResourceChange.Types.Response> PlanResourceChange(
        PlanResourceChange.Types.Request request,
        ServerCallContext from
    )
    {
        var schema = cloud.Schema.Resources[request.TypeName];
        var response = new PlanResourceChange.Types.Response
        {
            PlannedState = request.ProposedNewState,
            PlannedPrivate = request.PriorPrivate,
            LegacyTypeSystem = schema.Legacy,
        };
        var prior = Decode(request.PriorState, schema.Body);
        var proposed = Decode(request.ProposedNewState, schema.Body);
        await Answer(
            from,
            "plan",
            request.TypeName,
            NameOf(request.TypeName, proposed ?? prior),
            response.Diagnostics,
            () =>
            {
                if (proposed is null)
                    return;
                var change = Configured(from).Plan(request.TypeName, Decode(request.Config, schema.Body)!, prior, proposed);
                response.PlannedState = Encode(change.Planned, schema.Body);
                response.RequiresReplace.AddRange(change.RequiresReplace.Select(AsMessage));
            }
        );
        return response;
    }

    public override async Task<ApplyResourceChange.Types.Response> ApplyResourceChange(
        ApplyResourceChange.Types.Request request,
        ServerCallContext from
    )
    {
        var schema = cloud.Schema.Resources[request.TypeName];
        var response = new ApplyResourceChange.Types.Response
        {
            NewState = request.PriorState,
            Private = request.PlannedPrivate,
            LegacyTypeSystem = schema.Legacy,
        };
        var prior = Decode(request.PriorState, schema.Body);
        var planned = Decode(request.PlannedState, schema.Body);
        var type = request.TypeName;

        void Done(Applied? applied)
        {
            response.NewState = Encode(applied?.State, schema.Body);
            if (applied is null)
                return;
            response.Private = ByteString.CopyFromUtf8(applied.Id);
            if (applied.Late is { } late)
                throw late;
        }

        if (planned is null)
            await Answer(
                from,
                "delete",
                type,
                NameOf(type, prior),
                response.Diagnostics,
                () => Configured(from).Delete(type, Id(type, request.PlannedPrivate, prior!)),
                () => Done(null),
                wait: cloud.Deleting(type, Id(type, request.PlannedPrivate, prior!))
            );
        else if (prior is null)
        {
            var config = Decode(request.Config, schema.Body)!;
            Applied? made = null;
            await Answer(
                from,
                "create",
                type,
                NameOf(type, planned),
                response.Diagnostics,
                () => made = Configured(from).Create(type, config, planned),
                () => Done(made),
                takeBack: () =>
                {
                    if (!cloud.TakesBack(type, Json(planned)))
                        return false;
                    Configured(from).Delete(type, made!.Id);
                    return true;
                },
                prepare: () => Configured(from).Prepare(planned),
                interrupted: () => Configured(from).Interrupt(type, id: null, config, planned)
            );
        }
        else
        {
            var config = Decode(request.Config, schema.Body)!;
            Applied? changed = null;
            await Answer(
                from,
                "update",
                type,
                NameOf(type, planned),
                response.Diagnostics,
                () => changed = Configured(from).Update(type, Id(type, request.PlannedPrivate, prior), config, planned),
                () => Done(changed),
                prepare: () => Configured(from).Prepare(planned),
                interrupted: () => Configured(from).Interrupt(type, Id(type, request.PlannedPrivate, prior), config, planned)
            );
        }
        return response;
    }

    public override async Task<ImportResourceState.Types.Response> ImportResourceState(
        ImportResourceState.Types.Request request,
        ServerCallContext from
    )
    {
        var response = new ImportResourceState.Types.Response();
        var body = cloud.Schema.Resources[request.TypeName].Body;
        await Answer(
            from,
            "import",
            request.TypeName,
            request.Id,
            response.Diagnostics,
            () =>
            {
                var id = cloud.KeyOfImport(request.TypeName, request.Id);
                var state =
                    Configured(from).Read(request.TypeName, id, state: null)
                    ?? throw new ProviderException(
                        "Cannot import non-existent remote object",
                        $"While attempting to import an existing object to \"{request.TypeName}\", the provider detected that no "
                            + $"object exists with the given id \"{request.Id}\"."
                    );
                response.ImportedResources.Add(
                    new ImportResourceState.Types.ImportedResource
                    {
                        TypeName = request.TypeName,
                        State = Encode(state, body),
                        Private = ByteString.CopyFromUtf8(id),
                    }
                );
            }
        );
        return response;
    }

    public override async Task<ReadDataSource.Types.Response> ReadDataSource(
        ReadDataSource.Types.Request request,
        ServerCallContext from
    )
    {
        var response = new ReadDataSource.Types.Response { State = request.Config };
        var body = cloud.Schema.DataSources[request.TypeName].Body;
        var config = Decode(request.Config, body)!;
        await Answer(
            from,
            "data",
            request.TypeName,
            NameOf(request.TypeName, config),
            response.Diagnostics,
            () => response.State = Encode(Configured(from).ReadData(request.TypeName, config), body)
        );
        return response;
    }

    /// <summary>Runs one call: applies a matching fault, converts errors to diagnostics, and logs the outcome.</summary>
    /// <param name="from">The call.</param>
    /// <param name="operation">The operation's name in a fault.</param>
    /// <param name="type">The resource type, or the provider's name.</param>
    /// <param name="name">The object's label or name.</param>
    /// <param name="diagnostics">Receives the errors.</param>
    /// <param name="act">Changes or reads the account.</param>
    /// <param name="answer">Puts the result into the response. It is skipped if the answer is lost.</param>
    /// <param name="prepare">Called before the call is held: reads what it needs of Terraform's directory.</param>
    /// <param name="interrupted">Called if the call ends before its effect, because its Terraform stopped or ended.</param>
    /// <param name="takeBack">Removes the object of a create that failed after its effect; false if this object is kept.</param>
    /// <param name="wait">Waits after the change until it is complete.</param>
    private async Task Answer(
        ServerCallContext from,
        string operation,
        string type,
        string name,
        RepeatedField<Diagnostic> diagnostics,
        Action act,
        Action? answer = null,
        Func<bool>? takeBack = null,
        Action? prepare = null,
        Action? interrupted = null,
        Func<CancellationToken, Task>? wait = null
    )
    {
        var took = Stopwatch.StartNew();
        try
        {
            var fault = account.Faults.Strike(operation, type, name);
            var error = fault?.Error is { } text ? new ProviderException(text) : null;
            var early = fault is { AfterEffect: false, AnswerLost: false };
            // What an interrupted call leaves depends on files of its Terraform. A killed one has none any more.
            if (early && fault is not { Hold: null, Kill: false })
                prepare?.Invoke();
            if (early && !await HoldAsync(fault!, from, operation, type, name))
            {
                interrupted?.Invoke();
                throw Cancelled();
            }
            if (early && error is not null)
                throw error;
            act();
            if (wait is not null)
            {
                using var ended = Ended(from);
                await wait(ended.Token);
            }
            // As the real providers: the object exists, the wait for it is cancelled, and what is known of it is returned.
            if (fault is not null && !early && !await HoldAsync(fault, from, operation, type, name))
                error ??= Cancelled();
            var undone = fault is { AfterEffect: true, Error: not null } && takeBack?.Invoke() == true;
            if (fault is not { AnswerLost: true } && !undone)
                answer?.Invoke();
            if (error is not null)
                throw error;
        }
        catch (ProviderException e)
        {
            diagnostics.Add(Error(e.Message, e.Detail));
        }
        var outcome = diagnostics.FirstOrDefault(d => d.Severity == Diagnostic.Types.Severity.Error)?.Summary ?? "ok";
        account.Log(operation, type, name, outcome, took.ElapsedMilliseconds);
    }

    private static ProviderException Cancelled() =>
        new(
            "The call was cancelled",
            "Terraform stopped the provider, or its connection ended, while a fault of the sandbox held the call."
        );

    /// <summary>Waits for the release if the fault holds its calls. Kills the call's Terraform if the fault says so.</summary>
    /// <returns>False if the call's Terraform stopped the provider, or ended, before the release.</returns>
    private async Task<bool> HoldAsync(Fault fault, ServerCallContext from, string operation, string type, string name)
    {
        if (fault.Kill)
        {
            var connection = ConnectionOf(from);
            CallerProcess.Kill(connection.RemotePort, connection.LocalPort);
            // Its end cancels the call.
            await Task.Delay(Timeout.Infinite, from.CancellationToken).ContinueWith(_ => { }, CancellationToken.None);
            return false;
        }
        if (fault.Hold is null)
            return true;
        using var ended = fault.Hold.HeedsStop
            ? Ended(from)
            : CancellationTokenSource.CreateLinkedTokenSource(from.CancellationToken);
        try
        {
            await fault.Hold.WaitAsync($"{operation} {type} {name}", ended.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Cancelled when the call's Terraform stops the provider, or ends.</summary>
    private CancellationTokenSource Ended(ServerCallContext from) =>
        CancellationTokenSource.CreateLinkedTokenSource(from.CancellationToken, Stopped(from).Token);

    private CancellationTokenSource Stopped(ServerCallContext from) => _stopped.GetOrAdd(ConnectionOf(from).Id, _ => new());

    private static ConnectionInfo ConnectionOf(ServerCallContext from) => from.GetHttpContext().Connection;

    private Resources Configured(ServerCallContext from) =>
        _configured.GetValueOrDefault(ConnectionOf(from).Id)
        ?? throw new ProviderException($"The provider {cloud.Name} is not configured");

    private string NameOf(string type, MapValue? value) => value is null ? "" : cloud.NameOf(type, Json(value));

    /// <summary>
    /// The object's id. Create and import store it in the private bytes. A state from another source has it as `id`.
    /// </summary>
    private string Id(string type, ByteString @private, MapValue state) =>
        @private.IsEmpty ? cloud.IdOf(type, Json(state)) : Encoding.UTF8.GetString(@private.Span);

    private static MapValue? Decode(DynamicValue value, BodySchema body) =>
        value is null || value.Msgpack.IsEmpty ? null : (MapValue?)ValueCodec.Decode(value.Msgpack.Memory, body.Type);

    private static DynamicValue Encode(Value? value, BodySchema body) =>
        new() { Msgpack = ByteString.CopyFrom(ValueCodec.Encode(value, body.Type)) };

    private static JsonObject Json(MapValue? value) => JsonValues.ToJson(value)?.AsObject() ?? [];

    private static void Report(RepeatedField<Diagnostic> diagnostics, IEnumerable<Problem> problems) =>
        diagnostics.AddRange(
            problems.Select(p =>
            {
                var error = Error(p.Summary, p.Detail);
                error.Attribute = AsMessage(p.Path);
                return error;
            })
        );

    private static Diagnostic Error(string summary, string detail) =>
        new()
        {
            Severity = Diagnostic.Types.Severity.Error,
            Summary = summary,
            Detail = detail,
        };

    private static AttributePath AsMessage(ValuePath path)
    {
        var message = new AttributePath();
        message.Steps.AddRange(
            path.Steps.Select(step =>
                step switch
                {
                    int position => new AttributePath.Types.Step { ElementKeyInt = position },
                    MapKey key => new AttributePath.Types.Step { ElementKeyString = key.Key },
                    _ => new AttributePath.Types.Step { AttributeName = (string)step },
                }
            )
        );
        return message;
    }
}
