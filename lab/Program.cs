using GwbCloud.Lab.Rehearsal;

return await CommandLine.RunAsync(args, static (_, _) => Task.FromResult(ExitCode.Failed));
