@{ RootModule = 'ADSync.psm1'; ModuleVersion = '1.0.0.0'; GUID = '6f1b5c1e-6a0c-4d0f-9c55-2f1f0a8a53c1'; FunctionsToExport = '*-ADSync*'; CmdletsToExport = @(); AliasesToExport = @() }
