using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using GwbCloud.RelayListener.AdSync.PowerShell;

namespace GwbCloud.Tests.Listener.AdSync.PowerShell;

/// <summary>This test executable, started again as if it were powershell.exe; a variable says how it behaves.</summary>
static class FakeHost
{
    const string Variable = "GWB_TEST_FAKE_HOST", FileVariable = "GWB_TEST_FAKE_HOST_FILE";

    const string Answer = """{"ok":true,"value":{"enabled":true}}""";

    /// <summary>Options that start it, with limits that a test can reach.</summary>
    public static PowerShellOptions Options(string folder, string behaviour) => new()
    {
        Server = "AADC01",
        LogFolder = Path.Combine(folder, "logs"),
        WorkFolder = Path.Combine(folder, "work"),
        Executable = Path.Combine(AppContext.BaseDirectory, "GwbCloud.Tests.Listener" + (OperatingSystem.IsWindows() ? ".exe" : "")),
        MaxAnswerBytes = 4 * 1024 * 1024,
        MaxErrorBytes = 64 * 1024,
        DrainMilliseconds = 500,
        TranscriptsKept = 3,
        Environment = new Dictionary<string, string>
        {
            [Variable] = behaviour,
            [FileVariable] = Path.Combine(folder, "started"),
            ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
        },
    };

    /// <summary>Written by the fake when it has started; holds what it was given.</summary>
    public static string StartedFile(string folder) => Path.Combine(folder, "started");

    [ModuleInitializer]
    internal static void BecomeTheFakeWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } behaviour) { Environment.Exit(Behave(behaviour)); }
    }

    static int Behave(string behaviour)
    {
        using var output = Console.OpenStandardOutput();
        using var errors = Console.OpenStandardError();
        string file = Environment.GetEnvironmentVariable(FileVariable)!;
        if (behaviour == "crashBeforeReading") { return 9; }
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.ASCII);
        string request = input.ReadToEnd();
        void Write(ReadOnlySpan<byte> bytes) => output.Write(bytes);
        void Say(string text) => Write(Encoding.UTF8.GetBytes(text));
        // Whole at once: the test looks for the file and reads it.
        void Tell(string text)
        {
            File.WriteAllText(file + ".new", text);
            File.Move(file + ".new", file, overwrite: true);
        }
        switch (behaviour)
        {
            case "answer": Say(Answer); return 0;
            case "answerSlowly":
                // Time enough for the test to cancel: it goes on only when the test says so.
                Tell("");
                while (!File.Exists(file + ".go")) { Thread.Yield(); }
                Say(Answer);
                return 0;
            case "answerWithMark": Write([0xEF, 0xBB, 0xBF]); Say(Answer); return 0;
            case "garbage": Say("Windows PowerShell\nCopyright (C) Erika Muster\n\n" + Answer); return 0;
            case "silence":
                Tell("");
                Thread.Sleep(Timeout.Infinite);
                return 0;
            case "silenceWithChild":
                using (var child = Child("silence", file + ".child")) { Tell($"{child.Id}"); }
                Thread.Sleep(Timeout.Infinite);
                return 0;
            case "childSurvives":
                using (var child = Child("silence", file + ".child")) { Tell($"{child.Id}"); }
                Say(Answer);
                return 0;
            case "crash": Say("""{"ok":true,"va"""); return 7;
            case "crashAfterAnswer": Say(Answer); return 3;
            case "restricted": return 23;
            case "flood":
                var block = new byte[64 * 1024];
                Array.Fill(block, (byte)'x');
                while (true) { Write(block); }
            case "floodOfErrors":
                var complaint = Encoding.UTF8.GetBytes(new string('e', 64 * 1024));
                while (true) { errors.Write(complaint); }
            case "utf16": Write(Encoding.Unicode.GetBytes(Answer)); return 0;
            case "utf16Mark": Write([0xFF, 0xFE]); Write(Encoding.Unicode.GetBytes(Answer)); return 0;
            case "oem": Write([.. """{"ok":true,"value":{"name":"M"""u8, 0x81, .. "ller\"}}"u8]); return 0;
            case "errorsOnly": errors.Write("The term 'x' is not known. CN=Erika Muster,OU=Groups,DC=contoso,DC=example erika@contoso.example"u8); return 0;
            case "partial": Say(Answer[..^4]); return 0;
            case "two": Say(Answer + "\n" + Answer); return 0;
            case "otherShape": Say("""{"ok":true}"""); return 0;
            case "huge": Say("""{"ok":true,"value":{"enabled":true,"padding":" """ + new string('p', 3 * 1024 * 1024) + "\"}}"); return 0;
            case "failure":
                Say("""{"ok":false,"failure":{"category":"NotSpecified","id":"X","types":["System.InvalidOperationException"],"messages":["Connector: contoso.onmicrosoft.com - AAD is busy."],"command":"Start-ADSyncSyncCycle"}}""");
                return 0;
            case "surroundings":
                File.WriteAllText(file, string.Join('\n', Environment.GetEnvironmentVariables().Keys.Cast<string>().Order(StringComparer.Ordinal))
                    + "\n---\n" + string.Join('\n', Environment.GetCommandLineArgs().Skip(1)) + "\n---\n" + request);
                Say(Answer);
                return 0;
            default: return 99;
        }
    }

    static Process Child(string behaviour, string file)
    {
        // It inherits the pipes, as what a script starts does.
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        start.Environment[Variable] = behaviour;
        start.Environment[FileVariable] = file;
        var child = Process.Start(start)!;
        while (!File.Exists(file)) { Thread.Yield(); }
        return child;
    }
}
