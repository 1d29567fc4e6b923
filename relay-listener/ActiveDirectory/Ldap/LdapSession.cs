using System.DirectoryServices.Protocols;
using System.Runtime.CompilerServices;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>One signed-in connection to one domain controller; its requests are answered one after the other.</summary>
/// <remarks>
/// Nothing is tried again here: after a fault of the connection the session is broken, and the next call opens another. Every fault is a
/// <see cref="DirectoryException"/>.
/// </remarks>
public sealed class LdapSession : IDisposable
{
    readonly LdapThread _thread;
    readonly LdapOptions _options;
    LdapConnection? _connection;
    long _lastAnswer = Environment.TickCount64;

    LdapSession(LdapOptions options, string host) => (_options, Host, _thread) = (options, host, new($"LDAP {host}"));

    /// <summary>DNS name of the server.</summary>
    public string Host { get; private set; }

    /// <summary>What the server said of itself when the session was opened.</summary>
    public RootDse RootDse { get; private set; } = null!;

    /// <summary>True after a fault of the connection.</summary>
    internal bool IsBroken { get; private set; }

    /// <summary>How long nothing has come over the connection: after a while firewalls and domain controllers drop it without a word.</summary>
    internal TimeSpan Idle => TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref _lastAnswer));

    /// <summary>Connects, signs in, and reads what the server says of itself.</summary>
    /// <param name="options">Transport, account, addresses and limits.</param>
    /// <param name="host">DNS name of a server or a domain; null is the domain of this computer.</param>
    /// <param name="catalog">The forest's view on the server's global catalog port.</param>
    /// <param name="exact">The name is a server's, never a domain's: nobody looks for another one.</param>
    /// <param name="cancellationToken">Gives up the waiting.</param>
    internal static async Task<LdapSession> OpenAsync(LdapOptions options, string? host, bool catalog, bool exact, CancellationToken cancellationToken)
    {
        var session = new LdapSession(options, host ?? "this computer's domain");
        try
        {
            var limit = TimeSpan.FromSeconds(options.ConnectSeconds);
            await session.CallAsync(() => session.SignIn(host, catalog, exact), session.Host, limit, cancellationToken);
            session.RootDse = await session.ReadRootDseAsync(limit, cancellationToken);
            if (session.RootDse.HostName.Length > 0) { session.Host = session.RootDse.HostName; }
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The objects that a search finds, page by page where there may be many: nothing is sent before the page is asked for, nothing is kept after it was read.</summary>
    public async IAsyncEnumerable<LdapEntry> SearchAsync(LdapSearch search, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        if (!search.Paged && await AtOnceAsync(search, cancellationToken) is { } all)
        {
            foreach (SearchResultEntry entry in all) { yield return LdapEntry.Of(entry); }
            yield break;
        }
        var page = new PageResultRequestControl(search.PageSize ?? _options.PageSize);
        while (true)
        {
            var request = search.ToRequest(TimeSpan.FromSeconds(_options.RequestSeconds));
            request.Controls.Add(page);
            var response = (SearchResponse)await SendAsync(request, search.Base, cancellationToken);
            foreach (SearchResultEntry entry in response.Entries) { yield return LdapEntry.Of(entry); }
            byte[] cookie = response.Controls.OfType<PageResultResponseControl>().FirstOrDefault()?.Cookie ?? [];
            if (cookie.Length == 0) { break; }
            page = new PageResultRequestControl(search.PageSize ?? _options.PageSize) { Cookie = cookie };
        }
    }

    /// <summary>The object of a name, or null when there is none.</summary>
    public async Task<LdapEntry?> ReadAsync(LdapSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        try
        {
            var request = (search with { Subtree = false }).ToRequest(TimeSpan.FromSeconds(_options.RequestSeconds));
            var response = (SearchResponse)await SendAsync(request, search.Base, cancellationToken);
            return response.Entries.Count == 0 ? null : LdapEntry.Of(response.Entries[0]);
        }
        catch (DirectoryException e) when (e.Error.Code == DirectoryError.NoSuchObject.Code)
        {
            return null;
        }
    }

    /// <summary>Sends a request that writes. Once it is sent it is waited for: the answer comes, or the truth is unknown.</summary>
    /// <param name="request">An addition, modification, rename or deletion.</param>
    /// <param name="about">Distinguished name for messages.</param>
    /// <param name="cancellationToken">Looked at before sending only.</param>
    public async Task WriteAsync(DirectoryRequest request, string about, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await SendAsync(request, about, CancellationToken.None);
    }

    /// <summary>Sends writes one after the other without leaving the connection's thread in between: changing threads costs as much as a write.</summary>
    /// <param name="writes">Few, because the limit of one request holds for all of them.</param>
    /// <param name="cancellationToken">Looked at before each of them.</param>
    /// <returns>For each that was sent, in order, null or its fault. Fewer than the writes after a fault of the connection or a cancellation.</returns>
    /// <exception cref="DirectoryException">The limit passed: which of them were carried out is not known.</exception>
    internal Task<IReadOnlyList<DirectoryException?>> WriteManyAsync(IReadOnlyList<(DirectoryRequest Request, string About)> writes, CancellationToken cancellationToken)
    {
        var limit = TimeSpan.FromSeconds(_options.RequestSeconds);
        return CallAsync<IReadOnlyList<DirectoryException?>>(() =>
        {
            var faults = new List<DirectoryException?>(writes.Count);
            foreach (var (request, about) in writes)
            {
                if (IsBroken || cancellationToken.IsCancellationRequested) { break; }
                faults.Add(FaultOf(request, about, limit));
            }
            return faults;
        }, writes[0].About, limit, CancellationToken.None);
    }

    /// <summary>Closes the connection after the request under way. Does not wait for it.</summary>
    public void Dispose() => _thread.End(() => _connection?.Dispose());

    /// <summary>True when the server still answers on this connection.</summary>
    internal async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = await ReadRootDseAsync(TimeSpan.FromSeconds(_options.ConnectSeconds), cancellationToken);
            return now.ServiceName == RootDse.ServiceName;
        }
        catch (DirectoryException)
        {
            return false;
        }
    }

    /// <summary>Everything in one answer, or null where the server was told to give less in one than it gives by default: then it goes in pages.</summary>
    async Task<SearchResultEntryCollection?> AtOnceAsync(LdapSearch search, CancellationToken cancellationToken)
    {
        try
        {
            return ((SearchResponse)await SendAsync(search.ToRequest(TimeSpan.FromSeconds(_options.RequestSeconds)), search.Base, cancellationToken)).Entries;
        }
        catch (DirectoryException e) when (e.InnerException is { } refused && LdapFailure.ResultOf(refused) == (int)ResultCode.SizeLimitExceeded)
        {
            return null;
        }
    }

    async Task<RootDse> ReadRootDseAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var search = new LdapSearch { Base = "", Attributes = RootDse.Attributes, Subtree = false };
        var response = (SearchResponse)await SendAsync(search.ToRequest(limit), Host, cancellationToken, limit);
        return response.Entries.Count == 1
            ? RootDse.Of(LdapEntry.Of(response.Entries[0]))
            : throw new DirectoryException(DirectoryError.ServerUnfit.ToError($"{Host}: says nothing of itself"));
    }

    async Task<DirectoryResponse> SendAsync(DirectoryRequest request, string about, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        var within = limit ?? TimeSpan.FromSeconds(_options.RequestSeconds);
        return NoReferral(await CallAsync(() => _connection!.SendRequest(request, within), about, within, cancellationToken), about);
    }

    /// <summary>The client takes a referral for a success.</summary>
    DirectoryResponse NoReferral(DirectoryResponse response, string about) => response.ResultCode is ResultCode.Referral or ResultCode.ReferralV2
        ? throw new DirectoryException(LdapFailure.Error((int)ResultCode.Referral, null, Host, about))
        : response;

    /// <summary>Sends a request on the connection's own thread.</summary>
    /// <returns>What went wrong, or null.</returns>
    DirectoryException? FaultOf(DirectoryRequest request, string about, TimeSpan limit)
    {
        try
        {
            NoReferral(_connection!.SendRequest(request, limit), about);
            return null;
        }
        catch (DirectoryException e)
        {
            return e;
        }
        catch (Exception e) when (LdapFailure.Is(e))
        {
            if (LdapFailure.IsConnectionLost(e)) { IsBroken = true; }
            return LdapFailure.Translate(e, Host, about);
        }
    }

    async Task<T> CallAsync<T>(Func<T> call, string about, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _thread.RunAsync(call, limit, cancellationToken);
            Interlocked.Exchange(ref _lastAnswer, Environment.TickCount64);
            return answer;
        }
        catch (Exception e) when (LdapFailure.Is(e))
        {
            if (LdapFailure.IsConnectionLost(e)) { IsBroken = true; }
            throw LdapFailure.Translate(e, Host, about);
        }
    }

    bool SignIn(string? host, bool catalog, bool exact)
    {
        _connection = Connect(_options, host, catalog, exact);
        _connection.Bind();
        return true;
    }

    static LdapConnection Connect(LdapOptions options, string? host, bool catalog, bool exact)
    {
        OpenLdap.WaitThroughSignals();
        bool tls = options.Transport == LdapTransport.Ldaps;
        int port = catalog ? (tls ? 3269 : 3268) : tls ? 636 : 389;
        string? address = host is not null && options.Addresses.TryGetValue(host, out string? other) ? other : host;
        // Windows takes any other name for a domain's first, and asks DNS for its controllers.
        var identifier = new LdapDirectoryIdentifier(address, port, fullyQualifiedDnsHostName: exact && OperatingSystem.IsWindows(), connectionless: false);
        var connection = new LdapConnection(identifier)
        {
            AuthType = options.Account is null ? AuthType.Negotiate : AuthType.Basic,
            AutoBind = false,
            Timeout = TimeSpan.FromSeconds(options.ConnectSeconds),
        };
        if (options.Account is { } account) { connection.Credential = account; }
        var session = connection.SessionOptions;
        session.ProtocolVersion = 3;
        // A referral leads to a server that nobody chose: it is an error here.
        session.ReferralChasing = ReferralChasingOptions.None;
        if (OperatingSystem.IsWindows())
        {
            session.LocatorFlag = LocatorFlags.WriteableRequired | LocatorFlags.DirectoryServicesRequired | LocatorFlags.ReturnDnsName;
            // Reconnecting on its own it could reach another server behind our back.
            session.AutoReconnect = false;
            session.TcpKeepAlive = true;
            if (!tls) { (session.Signing, session.Sealing) = (true, true); }
        }
        if (tls)
        {
            session.SecureSocketLayer = true;
            if (!OperatingSystem.IsWindows() && options.TrustedCertificatesFolder is { } folder)
            {
                session.TrustedCertificatesDirectory = folder;
                session.StartNewTlsSessionContext();
            }
        }
        return connection;
    }
}
