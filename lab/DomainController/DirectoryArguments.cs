using System.CommandLine;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.DomainController;

/// <summary>The options of a rehearsal on a real directory.</summary>
public sealed class DirectoryArguments(Func<string, string?> environment)
{
    public const string UserVariable = "GWB_DIRECTORY_USER";
    public const string PasswordVariable = "GWB_DIRECTORY_PASSWORD";

    readonly Option<string?> _directory = StrictOptions.Text(
        "--directory", "ldaps://HOST", $"Rehearses on a real directory: a domain controller of a throw-away domain, which the lab fills. The account is in {UserVariable} and {PasswordVariable}; see docs/directory.md.");
    readonly Option<string?> _authorities = StrictOptions.Text("--directory-ca", "FILE|FOLDER", "Trusts these authorities (PEM) for the directory's certificate, instead of the machine's.");
    readonly Option<bool> _mayBeFilled = new("--directory-may-be-filled") { Description = "Says that the domain is a throw-away one; needed once for each domain." };
    readonly Option<bool> _clean = new("--directory-clean") { Description = "Removes first what an earlier rehearsal made in the directory." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_directory, _authorities, _mayBeFilled, _clean]) { command.Add(option); }
    }

    /// <summary>The directory; null for the simulated one.</summary>
    /// <exception cref="BadUsageException">They make no sense, or no sense together with the story.</exception>
    public DirectoryOptions? Read(ParseResult parsed, Story story, string? data)
    {
        if (parsed.GetValue(_directory) is not { } typed)
        {
            var alone = ((Option[])[_authorities, _mayBeFilled, _clean]).FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false });
            return alone is null ? null : throw new BadUsageException($"{alone.Name} says something of a directory, but --directory names none.");
        }

        if (!Uri.TryCreate(typed, UriKind.Absolute, out var uri) || uri.Scheme != "ldaps" || uri.Host.Length == 0 || uri.UserInfo.Length > 0 || uri.PathAndQuery.Trim('/').Length > 0 || uri.Fragment.Length > 0)
        {
            // The address is not repeated where it may hold a password.
            throw new BadUsageException(typed.Contains('@', StringComparison.Ordinal)
                ? $"--directory must not hold an account; put it into {UserVariable} and {PasswordVariable}."
                : $"--directory must be ldaps://HOST, not {Quoted.Of(typed)}. Without TLS the account would travel in clear.");
        }

        if (uri.Port > 0 && uri.Port != DirectoryOptions.Port)
        {
            throw new BadUsageException(FormattableString.Invariant($"--directory: the product reaches domain controllers on their own ports ({DirectoryOptions.Port} and 3269), not on {uri.Port}; leave the port out."));
        }
        if (data is not null) { throw Combined("--data", "what the directory did can't be told again after a kill"); }
        if (story.Interactive) { throw Combined("--interactive", "the real directory is rehearsed on virtual time"); }
        if (story.World.Sabotage.Contains(Sabotage.LateGcReplication)) { throw Combined("--sabotage late-gc-replication", "a single domain controller has no replication to be late"); }
        if (story.World.Forests > 1) { throw Combined("--forests", "one real domain is one forest"); }
        if (story.World.Awkward > 0) { throw Combined("awkward groups of a scenario", "some of them have members that the directory would not be filled with"); }
        string? authorities = parsed.GetValue(_authorities);
        if (authorities is not null && !File.Exists(authorities) && !System.IO.Directory.Exists(authorities)) { throw new BadUsageException($"--directory-ca: {Quoted.Of(authorities)} is neither a file nor a folder."); }
        return new DirectoryOptions
        {
            Host = uri.Host,
            Authorities = authorities,
            User = Demanded(UserVariable),
            Password = Demanded(PasswordVariable),
            MayBeFilled = parsed.GetValue(_mayBeFilled),
            Clean = parsed.GetValue(_clean),
        };
    }

    static BadUsageException Combined(string option, string why) => new($"--directory can't be combined with {option}: {why}.");

    string Demanded(string variable) => environment(variable) is { Length: > 0 } value
        ? value
        : throw new BadUsageException($"--directory needs an account: the environment variable {variable} is not set.");
}
