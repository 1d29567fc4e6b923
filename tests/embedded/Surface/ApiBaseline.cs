namespace GwbCloud.Tests.Embedded.Surface;

/// <summary>The public API of the real packages, as listed in api/*.txt, and the ways in which a type can differ from it.</summary>
sealed class ApiBaseline(IReadOnlyDictionary<string, ApiBaseline.Listed> types)
{
    /// <summary>One type of the baseline: its head line and its members.</summary>
    internal sealed record Listed(string Head, HashSet<string> Members);

    public static ApiBaseline Load()
    {
        var types = new Dictionary<string, Listed>(StringComparer.Ordinal);
        Listed? current = null;
        foreach (string line in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "api"), "*.txt").SelectMany(File.ReadLines))
        {
            if (line.Length == 0 || line[0] == '#') { continue; }
            if (line[0] == ' ') { current!.Members.Add(line.Trim()); continue; }
            string declared = line.Split(" : ")[0].Split(" where ")[0];
            current = new(line, new(StringComparer.Ordinal));
            types[declared[declared.IndexOf("Microsoft.", StringComparison.Ordinal)..]] = current;
        }
        return new(types);
    }

    /// <summary>Each way in which the type differs from the real one; empty when it is a faithful part of it.</summary>
    public IEnumerable<string> Differences(Type type)
    {
        string name = ApiText.Name(type), head = ApiText.Head(type);
        if (!types.TryGetValue(name, out var real)) { return [$"{name}: no such type in the real packages"]; }
        return Differences(name, head, [.. ApiText.Members(type)], real, type.IsAbstract && !type.IsSealed);
    }

    /// <summary>Compares a type under another name, so that a deliberately wrong one can be fed in.</summary>
    public IEnumerable<string> Differences(Type type, string asIf)
    {
        string head = ApiText.Head(type).Replace(ApiText.Name(type), asIf, StringComparison.Ordinal);
        var members = ApiText.Members(type).Select(m => m.Replace(ApiText.Name(type), asIf, StringComparison.Ordinal));
        return Differences(asIf, head, [.. members], types[asIf], type.IsAbstract && !type.IsSealed);
    }

    static IEnumerable<string> Differences(string name, string head, HashSet<string> ours, Listed real, bool open)
    {
        if (!SameHead(head, real.Head)) { yield return $"{name}: declared as '{head}', really '{real.Head}'"; }
        foreach (string member in ours.Except(real.Members)) { yield return $"{name}: the real type has no '{member}'"; }
        // A left-out overload does not break the build: the call binds to another one, in this build only.
        var names = ours.Where(m => m.Contains('(', StringComparison.Ordinal)).Select(Called).ToHashSet(StringComparer.Ordinal);
        foreach (string member in real.Members.Except(ours))
        {
            if (open && member.Contains(" abstract ", StringComparison.Ordinal)) { yield return $"{name}: abstract member left out: '{member}'"; }
            else if (member.Contains('(', StringComparison.Ordinal) && names.Contains(Called(member))) { yield return $"{name}: overload left out: '{member}'"; }
        }
    }

    static string Called(string member)
    {
        int end = member.IndexOf('(', StringComparison.Ordinal);
        // Conversions are apart by what they yield; each is a name of its own.
        return member[(member.LastIndexOf(' ', end) + 1)..end].Split('<')[0];
    }

    /// <summary>Same kind, name and base type; interfaces may be fewer, in any order, as reflection gives none.</summary>
    static bool SameHead(string ours, string real)
    {
        string[] a = ours.Split(" : ", 2), b = real.Split(" : ", 2);
        string[] x = Bases(a), y = Bases(b);
        return a[0] == b[0] && x.Where(IsClass).SequenceEqual(y.Where(IsClass)) && x.All(y.Contains);
    }

    static string[] Bases(string[] head) => head.Length > 1 ? head[1].Split(", ") : [];

    static bool IsClass(string name)
    {
        string last = name.Split('<')[0].Split('.')[^1];
        return !(last.Length > 1 && last[0] == 'I' && char.IsUpper(last[1]));
    }
}
