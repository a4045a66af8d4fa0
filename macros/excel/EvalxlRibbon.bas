Attribute VB_Name = "EvalxlRibbon"
' What the ribbon calls: one Sub per button, and what the two lists show. customUI14.xml names every one of them.
Option Explicit

Private ribbonShown As Object
Private chosenWeek As String
Private chosenPeriod As String

Public Sub OnRibbonLoad(ByVal shown As Object)
    Set ribbonShown = shown
End Sub

' The buttons

Public Sub OnConsolidate(ByVal control As Object)
    EvalxlRunner.StartJob "consolidate", Week(), "", ""
End Sub

Public Sub OnCheck(ByVal control As Object)
    EvalxlRunner.StartJob "check", "", "", ""
End Sub

Public Sub OnWhoIsMissing(ByVal control As Object)
    EvalxlRunner.StartJob "who-is-missing", Week(), "", ""
End Sub

Public Sub OnIssue(ByVal control As Object)
    EvalxlRunner.StartJob "issue", Week(), "", ""
End Sub

Public Sub OnClose(ByVal control As Object)
    If EvalxlRunner.IsBusy() Then Exit Sub
    If EvalxlAsk.Confirmed(Filled("client.ask_close", "week", WeekShown(Week()))) Then
        EvalxlRunner.StartJob "close", Week(), "", ""
    Else
        EvalxlRunner.Tell Words("client.not_confirmed"), False
    End If
End Sub

Public Sub OnReopen(ByVal control As Object)
    Dim reason As String
    If EvalxlRunner.IsBusy() Then Exit Sub
    reason = Trim$(EvalxlAsk.Typed(Filled("client.ask_reason", "week", WeekShown(Week()))))
    If reason = "" Then
        EvalxlRunner.Tell Words("client.reason_needed"), False
    Else
        EvalxlRunner.StartJob "reopen", Week(), "", OnOneLine(reason)
    End If
End Sub

Public Sub OnRollUp(ByVal control As Object)
    EvalxlRunner.StartJob "roll-up", "", Period(), ""
End Sub

Public Sub OnChoose(ByVal control As Object)
    EvalxlRunner.ChooseOffice
End Sub

Public Sub OnCancel(ByVal control As Object)
    EvalxlRunner.CancelJob
End Sub

' The list of weeks and the list of periods

Public Sub GetWeekCount(ByVal control As Object, ByRef shown As Variant)
    shown = LISTED_WEEKS
End Sub

Public Sub GetWeekLabel(ByVal control As Object, ByVal index As Integer, ByRef shown As Variant)
    shown = WeekShown(ListedWeek(index, Date))
End Sub

Public Sub GetWeekId(ByVal control As Object, ByVal index As Integer, ByRef shown As Variant)
    shown = ListedWeek(index, Date)
End Sub

Public Sub GetWeekIndex(ByVal control As Object, ByRef shown As Variant)
    Dim index As Integer
    shown = THIS_WEEK
    For index = 0 To LISTED_WEEKS - 1
        If ListedWeek(index, Date) = Week() Then shown = index
    Next index
End Sub

Public Sub OnWeek(ByVal control As Object, ByVal id As String, ByVal index As Integer)
    chosenWeek = id
End Sub

Public Sub GetPeriodCount(ByVal control As Object, ByRef shown As Variant)
    shown = LISTED_PERIODS
End Sub

Public Sub GetPeriodLabel(ByVal control As Object, ByVal index As Integer, ByRef shown As Variant)
    shown = PeriodShown(ListedPeriod(index, Date))
End Sub

Public Sub GetPeriodId(ByVal control As Object, ByVal index As Integer, ByRef shown As Variant)
    shown = ListedPeriod(index, Date)
End Sub

Public Sub GetPeriodIndex(ByVal control As Object, ByRef shown As Variant)
    Dim index As Integer
    shown = 0
    For index = 0 To LISTED_PERIODS - 1
        If ListedPeriod(index, Date) = Period() Then shown = index
    Next index
End Sub

Public Sub OnPeriod(ByVal control As Object, ByVal id As String, ByVal index As Integer)
    chosenPeriod = id
End Sub

' The line below the buttons says what runs, or how the last job ended.

Public Sub GetSaid(ByVal control As Object, ByRef shown As Variant)
    shown = EvalxlRunner.Said()
    If shown = "" Then shown = Words("client.idle")
End Sub

Public Sub ShowSaid()
    On Error Resume Next
    If Not ribbonShown Is Nothing Then ribbonShown.InvalidateControl "evalxlSaid"
End Sub

Private Function Week() As String
    If chosenWeek = "" Then chosenWeek = WeekOf(Date)
    Week = chosenWeek
End Function

Private Function Period() As String
    If chosenPeriod = "" Then chosenPeriod = ListedPeriod(0, Date)
    Period = chosenPeriod
End Function
