namespace ExplainService.Api.Tests.Zoo;

/// <summary>Families, heads and layouts that the zoo lacks.</summary>
public sealed class FamilyGoldenTests(ServiceOf<Families> service) : GoldenTests<Families>(service), IClassFixture<ServiceOf<Families>>;
