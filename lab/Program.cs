using GwbCloud.Lab.Rehearsal;

return await CommandLine.RunAsync(args, RehearsalProgram.RunAsync);
