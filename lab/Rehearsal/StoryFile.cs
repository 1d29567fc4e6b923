using System.Text.Json;
using System.Text.Json.Serialization;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>The story of a data folder.</summary>
public static class StoryFile
{
    const string Name = "story.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Whether a rehearsal was started in the folder before.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, Name));

    /// <summary>Null when the folder holds none yet.</summary>
    /// <exception cref="BadUsageException">The folder holds something else.</exception>
    public static Story? Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        try
        {
            if (File.Exists(path)) { return JsonSerializer.Deserialize<Story>(File.ReadAllBytes(path), Json)!; }
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(p => Path.GetFileName(p) != Name + ".new"))
            {
                throw new BadUsageException($"The folder {Quoted.Of(folder)} holds something, but no rehearsal; name an empty folder.");
            }

            return null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new BadUsageException($"The folder {Quoted.Of(folder)} holds a rehearsal that can't be read.");
        }
    }

    /// <summary>Whether two things are told in the same words; lists in records are equal only by chance.</summary>
    public static bool Same<T>(T one, T other) => JsonSerializer.Serialize(one, Json) == JsonSerializer.Serialize(other, Json);

    /// <summary>Writes the story, as a whole or not at all.</summary>
    public static void Write(string folder, Story story)
    {
        string path = Path.Combine(folder, Name);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(story, Json));
        File.Move(path + ".new", path, overwrite: true);
    }
}
