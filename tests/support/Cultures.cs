using System.Globalization;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// Cultures that change the result of culture-dependent code: Turkish (i and I), Arabic and Persian (digits, signs, calendar),
/// German (decimal comma).
/// </summary>
public static class Cultures
{
    /// <summary>The names of the cultures, as test data.</summary>
    public static TheoryData<string> Names => new("tr-TR", "ar-SA", "de-DE", "fa-IR");

    /// <summary>Runs an action under a culture, then restores the previous culture.</summary>
    public static T Under<T>(string name, Func<T> action)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(name);
            return action();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}
