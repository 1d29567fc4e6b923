using System.Globalization;
using GwbCloud.Lab.Time;

namespace GwbCloud.Lab.Tenant;

/// <summary>The limits of the identity and access service, for each app in this tenant, on the world's clock.</summary>
/// <remarks>
/// Resource units in 10 seconds by the size of the tenant; writes in 150 seconds, and of the whole tenant in 300; requests in 10 seconds to
/// reporting and to provisioning on demand. What is refused counts too, up to the most that the percentage can show, so that hammering does not help.
/// Source: throttling limits of Microsoft Graph.
/// </remarks>
sealed class GraphThrottle(LabClock clock, GraphFaults faults, int users)
{
    const int TenantWrites = 18_000;

    /// <summary>From here on the header tells how near the wall is.</summary>
    const double Warning = 0.8;
    const double Most = 1.8;

    static readonly TimeSpan UnitWindow = TimeSpan.FromSeconds(10);
    static readonly TimeSpan WriteWindow = TimeSpan.FromSeconds(150);
    static readonly TimeSpan TenantWriteWindow = TimeSpan.FromSeconds(300);

    readonly Lock _gate = new();
    readonly Dictionary<string, Window> _windows = [];

    /// <summary>Units that an app has in 10 seconds in a tenant of so many users.</summary>
    public static int QuotaOf(int users) => users switch { < 50 => 3_500, <= 500 => 5_000, _ => 8_000 };

    int Quota => faults.UnitQuota ?? QuotaOf(users);

    /// <summary>Units of a request.</summary>
    public static int CostOf(GraphRoute route, GraphCall call)
    {
        var cost = route.Cost
            - (call.Query.ContainsKey("$select") ? 1 : 0)
            + (call.Query.ContainsKey("$expand") ? 1 : 0)
            - (call.Query.TryGetValue("$top", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var top) && top < 20 ? 1 : 0);
        return Math.Max(1, cost);
    }

    /// <summary>Counts a request.</summary>
    /// <returns>Headers of its answer.</returns>
    /// <exception cref="GraphException">429.</exception>
    public Dictionary<string, string> Admit(GraphRoute route, GraphCall call)
    {
        lock (_gate)
        {
            var app = call.Caller.AppId;
            if (route.Per10Seconds is { } requests)
            {
                Take($"{route.Template} {app}", UnitWindow, requests, 1, "Tenant_Application/Read", "RequestLimitExceeded", call);
                return [];
            }

            var cost = CostOf(route, call);
            var headers = new Dictionary<string, string> { ["x-ms-resource-unit"] = cost.ToString(CultureInfo.InvariantCulture) };
            if (route.Writes)
            {
                Take($"tenant writes", TenantWriteWindow, TenantWrites, 1, "Tenant/ReadWrite", "WriteLimitExceeded", call, headers);
                Take($"writes {app}", WriteWindow, faults.WriteQuota, 1, "Tenant_Application/ReadWrite", "WriteLimitExceeded", call, headers);
            }

            var used = Take($"units {app}", UnitWindow, Quota, cost, "Tenant_Application/ReadWrite", "ResourceUnitLimitExceeded", call, headers);
            if (used > Warning)
            {
                headers["x-ms-throttle-limit-percentage"] = Percentage(used);
            }

            return headers;
        }
    }

    double Take(string key, TimeSpan length, int quota, int amount, string scope, string information, GraphCall call, Dictionary<string, string>? headers = null)
    {
        if (!_windows.TryGetValue(key, out var window))
        {
            _windows.Add(key, window = new Window(length));
        }

        var now = clock.GetUtcNow();
        if (window.Sum(now) + amount <= quota)
        {
            window.Add(now, amount);
            return window.Sum(now) / (double)quota;
        }

        var wait = window.Until(now, quota - amount);
        if (window.Sum(now) + amount <= quota * Most)
        {
            window.Add(now, amount);
        }

        throw new GraphException(429, "TooManyRequests", "Too many requests.")
        {
            Headers = new Dictionary<string, string>(headers ?? [])
            {
                ["Retry-After"] = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
                ["x-ms-throttle-limit-percentage"] = Percentage(Math.Max(1, window.Sum(now) / (double)quota)),
                ["x-ms-throttle-scope"] = $"{scope}/{call.Caller.AppId}/{call.World.Store.Read(() => call.World.Tenant.TenantId):D}",
                ["x-ms-throttle-information"] = information,
            },
        };
    }

    static string Percentage(double used) => Math.Min(Most, used).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>What was counted in the last seconds.</summary>
    sealed class Window(TimeSpan length)
    {
        readonly Queue<(DateTimeOffset At, int Amount)> _taken = new();
        (DateTimeOffset At, int Amount) _last;
        int _sum;

        public int Sum(DateTimeOffset now)
        {
            while (_taken.TryPeek(out var oldest) && oldest.At + length <= now)
            {
                _taken.Dequeue();
                _sum -= oldest.Amount;
            }

            if (_last.Amount > 0 && _last.At + length <= now)
            {
                _sum -= _last.Amount;
                _last = default;
            }

            return _sum;
        }

        // What happens at one moment of virtual time is one entry.
        public void Add(DateTimeOffset now, int amount)
        {
            if (_last.Amount > 0 && _last.At != now)
            {
                _taken.Enqueue(_last);
                _last = default;
            }

            _last = (now, _last.Amount + amount);
            _sum += amount;
        }

        /// <summary>How long until no more than this is counted.</summary>
        public TimeSpan Until(DateTimeOffset now, int rest)
        {
            var sum = Sum(now);
            foreach (var (at, amount) in _taken.Append(_last))
            {
                sum -= amount;
                if (sum <= rest)
                {
                    return at + length - now;
                }
            }

            return length;
        }
    }
}
