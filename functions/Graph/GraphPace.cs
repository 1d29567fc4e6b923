using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Graph;

/// <summary>When the next request may go: the write budget, the slowing down before the quota is used up, back-off. One for the whole process, shared by every client.</summary>
/// <remarks>
/// Quotas are of one app in one tenant. Near the end of one (above 80 %) Graph says so in each answer; from then on requests keep a distance,
/// which shrinks again with every answer that no longer says so. Source: Graph throttling guidance and limits of identity and access.
/// </remarks>
public sealed class GraphPace(IDelay delay, TimeProvider clock, IJitter jitter, IOptions<GraphOptions> options)
{
    const string ResourceUnit = "x-ms-resource-unit";
    const string ThrottlePercentage = "x-ms-throttle-limit-percentage";

    /// <summary>Share of the quota above which Graph tells it.</summary>
    const double Watched = 0.8;

    static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(64);
    static readonly TimeSpan SmallestDistance = TimeSpan.FromMilliseconds(25);
    static readonly TimeSpan LargestDistance = TimeSpan.FromSeconds(2);

    readonly Lock _gate = new();
    readonly int _writesPerSecond = options.Value.WritesPerSecond;
    GraphUsage _usage = new();
    TimeSpan _distance;
    DateTimeOffset _nextRequest;
    DateTimeOffset _nextWrite;

    /// <summary>What was asked so far.</summary>
    public GraphUsage Usage
    {
        get
        {
            lock (_gate)
            {
                return _usage;
            }
        }
    }

    internal TimeProvider Clock => clock;

    /// <summary>Waits for the turn of a call.</summary>
    /// <param name="writes">Writes in it.</param>
    /// <param name="items">Items, when it is a batch.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task TurnAsync(int writes, int items, CancellationToken cancellationToken)
    {
        var wait = TimeSpan.Zero;
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var start = now;
            if (_distance > TimeSpan.Zero)
            {
                start = Later(start, _nextRequest);
                _nextRequest = start + _distance;
            }

            if (writes > 0)
            {
                // Who takes many at once makes the next one wait as long as they need.
                start = Later(start, _nextWrite);
                _nextWrite = start + TimeSpan.FromSeconds((double)writes / _writesPerSecond);
            }

            wait = start - now;
            _usage = _usage with { Requests = _usage.Requests + 1, Writes = _usage.Writes + writes, BatchItems = _usage.BatchItems + items };
        }

        if (wait > TimeSpan.Zero)
        {
            await WaitAsync(wait, cancellationToken);
        }
    }

    /// <summary>Takes in what an answer says about the quota.</summary>
    internal void Saw(HttpResponseHeaders headers) => Saw(First(headers, ResourceUnit), First(headers, ThrottlePercentage));

    /// <summary>Takes in what the answer to an item of a batch says about the quota.</summary>
    internal void Saw(IReadOnlyDictionary<string, string>? headers) => Saw(First(headers, ResourceUnit), First(headers, ThrottlePercentage), item: true);

    internal void SawThrottling()
    {
        lock (_gate)
        {
            _usage = _usage with { Throttled = _usage.Throttled + 1 };
        }
    }

    /// <summary>Waits until something is asked again.</summary>
    internal Task RepeatAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _usage = _usage with { Repeated = _usage.Repeated + 1 };
        }

        return WaitAsync(wait, cancellationToken);
    }

    internal async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _usage = _usage with { Waited = _usage.Waited + wait };
        }

        await delay.ForAsync(wait, cancellationToken);
    }

    /// <summary>Any time up to 1, 2, 4, … 64 seconds: full jitter.</summary>
    internal TimeSpan BackOff(string request, int attempt)
    {
        var ceiling = TimeSpan.FromSeconds(1 << Math.Min(attempt - 1, 6));
        return (ceiling < LongestBackOff ? ceiling : LongestBackOff) * jitter.Of(request, attempt);
    }

    /// <summary>The wait that a header asks for, null without one. A date is measured by Graph's own clock where the answer shows it.</summary>
    internal TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset? graphsNow) => header switch
    {
        { Delta: { } seconds } => seconds,
        { Date: { } moment } => moment - (graphsNow ?? clock.GetUtcNow()) is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };

    void Saw(string? units, string? percentage, bool item = false)
    {
        lock (_gate)
        {
            if (long.TryParse(units, NumberStyles.None, CultureInfo.InvariantCulture, out var charged))
            {
                _usage = _usage with { ResourceUnits = _usage.ResourceUnits + charged };
            }

            if (double.TryParse(percentage, NumberStyles.Float, CultureInfo.InvariantCulture, out var used) && used > Watched)
            {
                // From a quarter of a second at 80 % to two seconds at the wall.
                var wanted = LargestDistance * Math.Clamp((used - Watched) / (1 - Watched), 0.125, 1);
                if (wanted > _distance)
                {
                    _distance = wanted;
                    _nextRequest = clock.GetUtcNow() + wanted;
                }
            }
            else if (!item && _distance > TimeSpan.Zero)
            {
                _distance = _distance / 2 >= SmallestDistance ? _distance / 2 : TimeSpan.Zero;
            }
        }
    }

    static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    static string? First(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    static string? First(IReadOnlyDictionary<string, string>? headers, string name)
        => headers?.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
