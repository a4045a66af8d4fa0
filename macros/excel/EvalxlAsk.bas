Attribute VB_Name = "EvalxlAsk"
' Questions and boxes. VBA's own MsgBox and InputBox know only the letters of the machine's code page, so they are never used.
Option Explicit

Private prepared As String

Private Const YES_NO As Long = 4
Private Const QUESTION_MARK As Long = 32
Private Const EXCLAMATION_MARK As Long = 48
Private Const SECOND_BUTTON As Long = 256
Private Const ON_TOP As Long = 4096
Private Const YES As Long = 6
Private Const PICK_A_FOLDER As Long = 4

' Whoever tries the buttons out answers beforehand, so that nothing is asked: "yes", a reason, a folder; "-" for Cancel.
Public Sub Prepare(ByVal answer As String)
    prepared = answer
End Sub

Public Function Confirmed(ByVal question As String) As Boolean
    Dim host As Object
    If prepared <> "" Then
        Confirmed = (prepared = "yes")
        Exit Function
    End If
    Set host = Helper("WScript.Shell")
    If host Is Nothing Then
        Confirmed = (UCase$(Trim$(Typed(Filled("client.ask_close_typed", "question", question)))) = "C")
    Else
        Confirmed = (host.Popup(question, 0, Words("button.tab.label"), YES_NO + QUESTION_MARK + SECOND_BUTTON + ON_TOP) = YES)
    End If
End Function

' What a person types; "" for Cancel.
Public Function Typed(ByVal question As String) As String
    Dim answer As Variant
    If prepared <> "" Then
        If prepared <> "-" Then Typed = prepared
        Exit Function
    End If
    On Error GoTo NoBox
    answer = Application.InputBox(question, Words("button.tab.label"), "", , , , , 2)
    If VarType(answer) <> vbBoolean Then Typed = CStr(answer)
NoBox:
End Function

' The folder that a person picks; "" for Cancel.
Public Function PickedFolder(ByVal question As String) As String
    Dim picker As Object
    If prepared <> "" Then
        If prepared <> "-" Then PickedFolder = prepared
        Exit Function
    End If
    On Error GoTo NoPicker
    Set picker = Application.FileDialog(PICK_A_FOLDER)
    picker.Title = question
    If picker.Show = -1 Then PickedFolder = picker.SelectedItems(1)
    Exit Function
NoPicker:
    PickedFolder = Typed(question)
End Function

' A box for what must not be overlooked; the status bar says it as well.
Public Sub Box(ByVal said As String)
    Dim host As Object
    On Error Resume Next
    Set host = Helper("WScript.Shell")
    If host Is Nothing Then
        Beep
    Else
        host.Popup said, 0, Words("button.tab.label"), EXCLAMATION_MARK + ON_TOP
    End If
End Sub
