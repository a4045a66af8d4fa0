Attribute VB_Name = "EvalxlRunner"
' One job at a time: write what is asked for into a folder, have evalxl do it in a process of its own (or its agent, where that
' is running), look every second how far it is, and open what came of it. Excel stays usable meanwhile.
Option Explicit

Private Const HEARTBEAT_SECONDS As Long = 20
Private Const SHOWN_SECONDS As Long = 60

Private jobFolder As String
Private jobName As String
Private jobWeek As String
Private jobPeriod As String
Private agreed As Boolean
Private startedAt As Date
Private cancelledAt As Date
Private answered As Boolean
Private pollAt As Date
Private clearAt As Date
Private saidLast As String
Private patienceSeconds As Integer

Public Sub StartJob(ByVal job As String, ByVal week As String, ByVal period As String, ByVal reason As String)
    Dim office As String, program As String, agent As Boolean, place As String
    On Error GoTo Slip
    If IsBusy() Then Exit Sub
    agent = AgentIsRunning()
    program = ProgramCommand()
    If program = "" And Not agent Then
        Tell Words("client.not_installed"), True
        Exit Sub
    End If
    office = OfficeFolder()
    If office = "" Then
        ChooseOffice
        office = OfficeFolder()
        If office = "" Then Exit Sub
    End If
    place = InFolder(InFolder(Home(), "jobs"), JobId(job))
    jobWeek = week
    jobPeriod = period
    If Not Ask(place, Request(job, week, period, reason, office)) Then
        Tell Filled("client.cannot_write", "folder", Home()), True
        Exit Sub
    End If
    If Not agent Then
        If Not Started(program & " addin-run " & job & " --job-dir " & Quote(place)) Then
            Tell Words("client.no_start"), True
            Exit Sub
        End If
    End If
    jobFolder = place
    jobName = job
    startedAt = Now
    cancelledAt = 0
    answered = False
    Show Words("client.starting")
    PlanPoll
    Exit Sub
Slip:
    jobFolder = ""
    Tell Also(Filled("client.unforeseen", "number", CStr(Err.Number)), "step", job), True
End Sub

' Whether a job is running; if so, it is said.
Public Function IsBusy() As Boolean
    IsBusy = (jobFolder <> "")
    If Not IsBusy Then Exit Function
    ' A quitting that somebody called off stopped the timer.
    If pollAt = 0 Then PlanPoll
    Show Words("client.busy")
End Function

Public Sub CancelJob()
    On Error GoTo Slip
    If jobFolder = "" Then
        Show Words("client.idle")
        Exit Sub
    End If
    WriteFile InFolder(jobFolder, "cancel"), "cancel"
    If cancelledAt = 0 Then cancelledAt = Now
    If pollAt = 0 Then PlanPoll
    Show Words("client.cancelling")
    Exit Sub
Slip:
    Tell Filled("client.cannot_write", "folder", jobFolder), True
End Sub

Public Sub ChooseOffice()
    Dim picked As String
    On Error GoTo Slip
    picked = EvalxlAsk.PickedFolder(Words("client.ask_folder"))
    If picked = "" Then
        Tell Words("client.no_office"), False
    ElseIf Not HasFile(InFolder(picked, "office.toml")) Then
        Tell Filled("client.not_an_office", "folder", picked), True
    Else
        MakeFolder Home()
        WriteFile InFolder(Home(), "office.txt"), picked
        Tell Filled("client.office_chosen", "folder", picked), False
    End If
    Exit Sub
Slip:
    Tell Filled("client.cannot_write", "folder", Home()), True
End Sub

' The timer calls this every second while a job is running.
Public Sub Poll()
    Dim parts() As String, state As String
    On Error GoTo Slip
    pollAt = 0
    If jobFolder = "" Then Exit Sub
    parts = Split(FirstLine(FileText(InFolder(jobFolder, "status.txt"))) & "||", "|")
    state = parts(0)
    If state <> "" Then answered = True
    Select Case state
        Case "ok", "warn", "fail", "cancelled"
            Finish state, parts(2)
            Exit Sub
        Case ""
            If Not answered And Waited(startedAt) >= Patience() Then
                GiveUp
                Exit Sub
            End If
        Case Else
            If cancelledAt = 0 Then Show Also(Filled("client.running", "percent", parts(1)), "message", parts(2))
    End Select
    If cancelledAt <> 0 Then
        If Waited(cancelledAt) >= Patience() Then
            GiveUp
            Exit Sub
        End If
    End If
    PlanPoll
    Exit Sub
Slip:
    state = jobName
    jobFolder = ""
    Tell Also(Filled("client.unforeseen", "number", CStr(Err.Number)), "step", state), True
End Sub

' Before the add-in closes.
Public Sub StopTimers()
    On Error Resume Next
    If pollAt <> 0 Then Application.OnTime pollAt, Procedure("Poll"), , False
    If clearAt <> 0 Then Application.OnTime clearAt, Procedure("ClearBar"), , False
    pollAt = 0
    clearAt = 0
    Application.StatusBar = False
End Sub

' The timer calls this when the last message was long enough in the status bar.
Public Sub ClearBar()
    On Error Resume Next
    clearAt = 0
    If jobFolder = "" Then Application.StatusBar = False
End Sub

' What was said last.
Public Function Said() As String
    Said = saidLast
End Function

Public Function JobIsRunning() As Boolean
    JobIsRunning = (jobFolder <> "")
End Function

' Say something that stays for a while; in a box as well where it must not be overlooked.
Public Sub Tell(ByVal sentence As String, ByVal inBox As Boolean)
    Show sentence
    On Error Resume Next
    If clearAt <> 0 Then Application.OnTime clearAt, Procedure("ClearBar"), , False
    clearAt = DateAdd("s", SHOWN_SECONDS, Now)
    Application.OnTime clearAt, Procedure("ClearBar")
    If inBox Then EvalxlAsk.Box sentence
End Sub

' Whoever tries the buttons out has less patience.
Public Sub WaitNoLongerThan(ByVal seconds As Integer)
    patienceSeconds = seconds
End Sub

Private Sub Show(ByVal sentence As String)
    saidLast = sentence
    On Error Resume Next
    Application.StatusBar = "evalxl: " & sentence
    EvalxlRibbon.ShowSaid
End Sub

Private Sub Finish(ByVal state As String, ByVal message As String)
    Dim result As String, sentence As String, opened As Boolean
    result = FileText(InFolder(jobFolder, "result.txt"))
    If ValueOf(result, "ask") <> "" Then
        AskAgain ValueOf(result, "ask")
        Exit Sub
    End If
    sentence = ValueOf(result, "message")
    If sentence = "" Then sentence = message
    If state = "cancelled" And sentence = "" Then sentence = Words("client.cancelled")
    If state = "fail" And sentence = "" Then sentence = Filled("client.failed", "log", ValueOf(result, "log"))
    opened = True
    If ValueOf(result, "open") <> "" Then opened = OpenResult(ValueOf(result, "open"), ValueOf(result, "sheet"), ValueOf(result, "row"))
    If Not opened Then sentence = Trim$(sentence & " " & Filled("client.cannot_open", "file", ValueOf(result, "open")))
    sentence = Trim$(sentence & " " & VersionNote(ValueOf(result, "version")))
    Show sentence
    jobFolder = ""
    Tell sentence, (state = "fail") Or Not opened
End Sub

' The program did nothing before somebody agrees: ask, and press the same button again.
Private Sub AskAgain(ByVal question As String)
    jobFolder = ""
    If EvalxlAsk.Confirmed(question) Then
        agreed = True
        StartJob jobName, jobWeek, jobPeriod, ""
        agreed = False
    Else
        Tell Words("client.not_confirmed"), False
    End If
End Sub

Private Sub GiveUp()
    Dim place As String
    place = jobFolder
    jobFolder = ""
    Tell Trim$(Also(Filled("client.no_answer", "seconds", CStr(Patience())), "folder", place) & " " & VersionNote("")), True
End Sub

' Open a workbook at the sheet and row that need somebody. A master is opened to read, so that it can be written anew meanwhile.
Private Function OpenResult(ByVal place As String, ByVal sheet As String, ByVal row As String) As Boolean
    Dim book As Object, toRead As Boolean
    On Error GoTo Slip
    toRead = (jobName <> "check")
    Set book = OpenedAlready(place)
    If Not book Is Nothing Then
        If book.ReadOnly Then
            book.Close False
            Set book = Nothing
        End If
    End If
    If book Is Nothing Then
        Set book = Workbooks.Open(place, 0, toRead)
    Else
        book.Activate
    End If
    OpenResult = Not (book Is Nothing)
    If sheet <> "" Then GoToRow book, sheet, row
    Exit Function
Slip:
    OpenResult = False
End Function

Private Function OpenedAlready(ByVal place As String) As Object
    Dim book As Object
    Set OpenedAlready = Nothing
    For Each book In Workbooks
        If StrComp(book.FullName, place, vbTextCompare) = 0 Then Set OpenedAlready = book
    Next book
End Function

Private Sub GoToRow(ByVal book As Object, ByVal sheet As String, ByVal row As String)
    On Error Resume Next
    book.Worksheets(sheet).Activate
    If Val(row) > 0 Then book.Worksheets(sheet).Cells(CLng(Val(row)), 1).Select
End Sub

Private Function OfficeFolder() As String
    OfficeFolder = Variable("EVALXL_OFFICE")
    If OfficeFolder = "" Then OfficeFolder = FirstLine(FileText(InFolder(Home(), "office.txt")))
End Function

Private Function ProgramCommand() As String
    ProgramCommand = Variable("EVALXL_EXE")
    If ProgramCommand = "" Then ProgramCommand = FirstLine(FileText(InFolder(Home(), "exe.txt")))
End Function

Private Function VersionNote(ByVal program As String) As String
    If program = "" Then program = FirstLine(FileText(InFolder(Home(), "version.txt")))
    If program <> "" And program <> ADDIN_VERSION Then
        VersionNote = Also(Filled("client.old_addin", "addin", ADDIN_VERSION), "program", program)
    End If
End Function

' Whether evalxl agent gave a sign of life just now: "version|pid|2026-02-06T17:00:05", local time.
Private Function AgentIsRunning() As Boolean
    Dim parts() As String, beat As Date
    On Error GoTo NoAgent
    parts = Split(FirstLine(FileText(InFolder(Home(), "agent.txt"))) & "||", "|")
    If Len(parts(2)) < 19 Then Exit Function
    beat = DateSerial(CInt(Left$(parts(2), 4)), CInt(Mid$(parts(2), 6, 2)), CInt(Mid$(parts(2), 9, 2)))
    beat = beat + TimeSerial(CInt(Mid$(parts(2), 12, 2)), CInt(Mid$(parts(2), 15, 2)), CInt(Mid$(parts(2), 18, 2)))
    AgentIsRunning = (Abs(DateDiff("s", beat, Now)) < HEARTBEAT_SECONDS)
NoAgent:
End Function

Private Function Request(ByVal job As String, ByVal week As String, ByVal period As String, ByVal reason As String, ByVal office As String) As String
    Request = "job=" & job & vbLf & "week=" & week & vbLf & "period=" & period & vbLf & "reason=" & reason & vbLf & "office=" & office & vbLf
    If agreed Then Request = Request & "yes=1" & vbLf
    Request = Request & "client=excel" & vbLf & "version=" & ADDIN_VERSION & vbLf & "lang=" & Lang() & vbLf
    On Error Resume Next
    Request = Request & "hwnd=" & CStr(Application.Hwnd) & vbLf
    If Not ActiveWorkbook Is Nothing Then
        Request = Request & "workbook=" & ActiveWorkbook.FullName & vbLf & "wb=" & ActiveWorkbook.Name & vbLf
    End If
End Function

Private Function Ask(ByVal place As String, ByVal asked As String) As Boolean
    On Error GoTo Slip
    MakeFolder place
    WriteFile InFolder(place, "request.txt"), asked
    Ask = True
Slip:
End Function

Private Function Started(ByVal command_ As String) As Boolean
    On Error GoTo Slip
    StartProgram command_
    Started = True
Slip:
End Function

Private Function JobId(ByVal job As String) As String
    Dim moment As Date
    moment = Now
    JobId = Year(moment) & Two(Month(moment)) & Two(Day(moment)) & "-" & Two(Hour(moment)) & Two(Minute(moment)) & Two(Second(moment))
    Randomize
    JobId = JobId & "-" & job & "-" & CStr(CLng(Rnd() * 99999))
End Function

Private Function Two(ByVal number As Integer) As String
    Two = Right$("0" & number, 2)
End Function

Private Sub PlanPoll()
    pollAt = DateAdd("s", 1, Now)
    Application.OnTime pollAt, Procedure("Poll")
End Sub

Private Function Procedure(ByVal called As String) As String
    Procedure = "'" & ThisWorkbook.Name & "'!EvalxlRunner." & called
End Function

Private Function Waited(ByVal since As Date) As Long
    Waited = DateDiff("s", since, Now)
End Function

' How long the program may stay without an answer.
Private Function Patience() As Long
    If patienceSeconds = 0 Then
        Patience = 60
    Else
        Patience = patienceSeconds
    End If
End Function
