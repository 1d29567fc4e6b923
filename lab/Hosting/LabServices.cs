using GwbCloud.Functions;
using GwbCloud.Functions.Graph;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Hosting;

/// <summary>Waiting inside an activity gives up the activity's hold of the clock; with it, time would stand still for ever.</summary>
sealed class LabDelay(LabClock clock) : IDelay
{
    public Task ForAsync(TimeSpan time, CancellationToken cancellationToken) => clock.SleepAsync(time, cancellationToken);
}

/// <summary>Chance in back-offs that a second rehearsal repeats, whatever runs beside it.</summary>
public sealed class LabJitter(int seed) : IJitter
{
    readonly WorldRandom _random = new(seed);

    public double Of(string request, int attempt) => _random.Number("back-off", $"{attempt} {request}") / (ulong.MaxValue + 1.0);
}

/// <summary>The product's own tokens for Graph, from the lab's issuer.</summary>
sealed class LabGraphTokens(LabIssuer issuer, TimeProvider clock) : IGraphTokens
{
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    readonly Lock _gate = new();
    string _token = "";
    DateTimeOffset _expires;

    public ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (now + Margin >= _expires)
            {
                _token = issuer.GraphAppToken();
                _expires = now + LabIssuer.Lifetime;
            }

            return ValueTask.FromResult(_token);
        }
    }

    public void Forget(string? claims)
    {
        lock (_gate)
        {
            _expires = default;
        }
    }
}
