using System.Text.RegularExpressions;

namespace GwbCloud.Lab.World.Deeds;

/// <summary>How a story names a group that the world was made with: its kind and its number from 0, <c>written 3</c>; or any group by its objectId.</summary>
public static partial class SeededName
{
    /// <summary>Kinds: written, unwritten, m365, mail-bearing, awkward, oversized.</summary>
    [GeneratedRegex("^(written|unwritten|m365|mail-bearing|awkward|oversized) (0|[1-9][0-9]{0,6})$")]
    public static partial Regex Pattern { get; }

    extension(SimulatedWorld world)
    {
        /// <summary>The id of a group of the beginning; nobody says that it is still there.</summary>
        /// <exception cref="ArgumentException">That is no such name.</exception>
        public Guid SeededGroup(string name)
        {
            // Who looks at a group knows it by its objectId.
            if (Guid.TryParseExact(name, "D", out var id)) { return id; }
            var match = Pattern.Match(name);
            return match.Success ? WorldSeeder.GroupId(world, match.Groups[1].Value, match.Groups[2].Value) : throw new ArgumentException($"'{name}' names no group.", nameof(name));
        }
    }
}
