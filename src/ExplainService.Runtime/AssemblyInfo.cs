using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ExplainService.Tests")]
