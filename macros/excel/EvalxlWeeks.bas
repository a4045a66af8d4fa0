Attribute VB_Name = "EvalxlWeeks"
' Weeks and periods, as the lists of the ribbon show them. A week is an ISO week and belongs to the year of its Thursday.
Option Explicit

Public Const LISTED_WEEKS As Integer = 30
Public Const THIS_WEEK As Integer = 1
Public Const LISTED_PERIODS As Integer = 25

' The weeks of the list, the next one first.
Public Function ListedWeek(ByVal index As Integer, ByVal today As Date) As String
    ListedWeek = WeekOf(DateAdd("d", 7 * (THIS_WEEK - index), today))
End Function

Public Function WeekOf(ByVal day_ As Date) As String
    Dim thursday As Date, number As Integer
    thursday = DateAdd("d", 4 - Weekday(day_, vbMonday), day_)
    number = (DateDiff("d", DateSerial(Year(thursday), 1, 1), thursday)) \ 7 + 1
    WeekOf = Year(thursday) & "-W" & Right$("0" & number, 2)
End Function

Public Function WeekShown(ByVal week As String) As String
    Dim fourth As Date, monday As Date
    fourth = DateSerial(CInt(Left$(week, 4)), 1, 4)
    monday = DateAdd("d", 7 * (CInt(Mid$(week, 7)) - 1) + 1 - Weekday(fourth, vbMonday), fourth)
    WeekShown = Filled("term.week_shown", "number", CStr(CInt(Mid$(week, 7))))
    WeekShown = Also(WeekShown, "first", DateShown(monday))
    WeekShown = Also(WeekShown, "last", DateShown(DateAdd("d", 6, monday)))
End Function

' As Vietnamese documents write a date: a zero before days below 10 and before months 1 and 2.
Public Function DateShown(ByVal day_ As Date) As String
    Dim month_ As String
    month_ = CStr(Month(day_))
    If Month(day_) < 3 Then month_ = "0" & month_
    DateShown = Right$("0" & Day(day_), 2) & "/" & month_ & "/" & Year(day_)
End Function

' The periods of the list: 13 months, 5 quarters, 3 half-years, 2 times nine months, 2 years, each backwards from today.
Public Function ListedPeriod(ByVal index As Integer, ByVal today As Date) As String
    Dim first As Date
    If index < 13 Then
        first = DateSerial(Year(today), Month(today) - index, 1)
        ListedPeriod = Year(first) & "-" & Right$("0" & Month(first), 2)
    ElseIf index < 18 Then
        first = DateSerial(Year(today), Month(today) - 3 * (index - 13), 1)
        ListedPeriod = Year(first) & "-Q" & ((Month(first) - 1) \ 3 + 1)
    ElseIf index < 21 Then
        first = DateSerial(Year(today), Month(today) - 6 * (index - 18), 1)
        ListedPeriod = Year(first) & "-H" & ((Month(first) - 1) \ 6 + 1)
    ElseIf index < 23 Then
        ListedPeriod = CStr(Year(today) - (index - 21)) & "-9M"
    Else
        ListedPeriod = CStr(Year(today) - (index - 23))
    End If
End Function

Public Function PeriodShown(ByVal period As String) As String
    Dim year_ As String, part As String
    year_ = Left$(period, 4)
    part = Mid$(period, 6)
    Select Case Left$(part, 1)
        Case ""
            PeriodShown = Filled("period.year", "year", year_)
        Case "Q"
            PeriodShown = Also(Filled("period.quarter", "year", year_), "number", Choose(CInt(Mid$(part, 2)), "I", "II", "III", "IV"))
        Case "H"
            PeriodShown = Filled("period.half" & Mid$(part, 2), "year", year_)
        Case "9"
            PeriodShown = Filled("period.nine_months", "year", year_)
        Case Else
            PeriodShown = Also(Filled("period.month", "year", year_), "number", CStr(CInt(part)))
    End Select
End Function
