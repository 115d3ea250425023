using CsCheck;
using ExplainService.Methods.Coalitions;
using Xunit;

namespace ExplainService.Tests.Methods.Coalitions;

/// <summary>A coalition is a set of players.</summary>
public sealed class CoalitionTests
{
    private static readonly Gen<bool[]> Members = Gen.Bool.Array[0, 200];

    [Fact]
    public void A_coalition_has_the_members_it_was_made_of() =>
        Members.Sample(members =>
        {
            var coalition = Coalition.Of(members.Length, i => members[i]);
            var signs = new double[members.Length];
            coalition.CopySignsTo(signs);
            Assert.Equal(members.Count(present => present), coalition.Count);
            Assert.Equal(members, signs.Select(sign => sign > 0));
            Assert.Equal(members, Enumerable.Range(0, members.Length).Select(i => coalition[i]));
            Assert.Equal(coalition, Coalition.FromPlayers(members.Length, [.. Enumerable.Range(0, members.Length).Where(i => members[i])]));
        });

    [Fact]
    public void The_complement_has_all_others_and_its_complement_is_the_coalition() =>
        Members.Sample(members =>
        {
            var coalition = Coalition.Of(members.Length, i => members[i]);
            Assert.Equal(Coalition.Of(members.Length, i => !members[i]), coalition.Complement());
            Assert.Equal(coalition, coalition.Complement().Complement());
            Assert.Equal(coalition.GetHashCode(), coalition.Complement().Complement().GetHashCode());
        });

    [Fact]
    public void A_range_joins_whoever_is_there() =>
        Members
            .Select(Gen.Int[0, 200], Gen.Int[0, 200])
            .Sample(
                (members, a, b) =>
                {
                    var (first, end) = (Math.Min(Math.Min(a, b), members.Length), Math.Min(Math.Max(a, b), members.Length));
                    var joined = Coalition.Of(members.Length, i => members[i]).WithRange(first, end);
                    Assert.Equal(Coalition.Of(members.Length, i => members[i] || (i >= first && i < end)), joined);
                }
            );
}
