Attribute VB_Name = "EvalxlFiles"
' The folder of this user, and small text files in UTF-16LE, which VBA reads and writes as byte arrays.
'
' Open, Dir, Name, MkDir and Shell know only the letters of the machine's code page. A path with other letters (a Vietnamese
' user's profile) goes through the Windows objects that know all letters; a path without them never needs those objects.
Option Explicit

Public Function Home() As String
    Home = Variable("EVALXL_HOME")
    If Home <> "" Then Exit Function
    If Application.PathSeparator = "\" Then
        Home = Variable("APPDATA") & "\evalxl"
    ElseIf IsMac() Then
        Home = Variable("HOME") & "/Library/Application Support/evalxl"
    ElseIf Variable("XDG_CONFIG_HOME") <> "" Then
        Home = Variable("XDG_CONFIG_HOME") & "/evalxl"
    Else
        Home = Variable("HOME") & "/.config/evalxl"
    End If
End Function

Public Function InFolder(ByVal folder As String, ByVal entry As String) As String
    InFolder = folder & Application.PathSeparator & entry
End Function

' A variable of the environment. VBA's own Environ puts a question mark, or the letter that looks most like it, for a letter
' that the code page lacks.
Public Function Variable(ByVal word As String) As String
    Dim host As Object
    Set host = Helper("WScript.Shell")
    If host Is Nothing Then
        Variable = Environ$(word)
    Else
        Variable = host.ExpandEnvironmentStrings("%" & word & "%")
        If Variable = "%" & word & "%" Then Variable = ""
    End If
End Function

' An object of Windows; Nothing where there is none (policy, Mac, LibreOffice).
Public Function Helper(ByVal kind As String) As Object
    On Error Resume Next
    Set Helper = Nothing
    Set Helper = CreateObject(kind)
    On Error GoTo 0
End Function

Public Function IsAscii(ByVal said As String) As Boolean
    Dim position As Long
    IsAscii = True
    For position = 1 To Len(said)
        If AscW(Mid$(said, position, 1)) < 0 Or AscW(Mid$(said, position, 1)) > 126 Then IsAscii = False
    Next position
End Function

Public Function OnOneLine(ByVal said As String) As String
    OnOneLine = Replace(Replace(said, vbCr, " "), vbLf, " ")
End Function

Public Function HasFile(ByVal place As String) As Boolean
    Dim disk As Object
    On Error GoTo Gone
    If Not IsAscii(place) Then Set disk = Helper("Scripting.FileSystemObject")
    If disk Is Nothing Then
        HasFile = (Dir(place) <> "")
    Else
        HasFile = disk.FileExists(place)
    End If
Gone:
End Function

Public Function HasFolder(ByVal place As String) As Boolean
    Dim disk As Object
    On Error GoTo Gone
    If Not IsAscii(place) Then Set disk = Helper("Scripting.FileSystemObject")
    If disk Is Nothing Then
        HasFolder = (Dir(place, vbDirectory) <> "")
    Else
        HasFolder = disk.FolderExists(place)
    End If
Gone:
End Function

' Make a folder and those above it.
Public Sub MakeFolder(ByVal place As String)
    Dim disk As Object, above As String
    If HasFolder(place) Then Exit Sub
    above = Left$(place, InStrRev(place, Application.PathSeparator) - 1)
    If InStr(above, Application.PathSeparator) > 0 Then MakeFolder above
    If Not IsAscii(place) Then Set disk = Helper("Scripting.FileSystemObject")
    If disk Is Nothing Then
        MkDir place
    Else
        disk.CreateFolder place
    End If
End Sub

' What a text file says; "" where it is not there, or somebody is just replacing it.
Public Function FileText(ByVal place As String) As String
    Dim disk As Object, number As Integer, bytes() As Byte
    On Error GoTo Gone
    If Not HasFile(place) Then Exit Function
    If Not IsAscii(place) Then Set disk = Helper("Scripting.FileSystemObject")
    If disk Is Nothing Then
        number = FreeFile
        Open place For Binary Access Read As #number
        If LOF(number) > 0 Then
            ReDim bytes(0 To LOF(number) - 1)
            Get #number, , bytes
            FileText = bytes
        End If
        Close #number
    Else
        FileText = disk.OpenTextFile(place, 1, False, -1).ReadAll
    End If
    If Len(FileText) > 0 Then
        If AscW(Left$(FileText, 1)) = -257 Or AscW(Left$(FileText, 1)) = 65279 Then FileText = Mid$(FileText, 2)
    End If
    Exit Function
Gone:
    FileText = ""
    If number > 0 Then Close #number
End Function

' Write a text file beside, then give it its name: whoever looks for the name finds the whole text.
Public Sub WriteFile(ByVal place As String, ByVal said As String)
    Dim disk As Object, number As Integer, bytes() As Byte, beside As String
    beside = place & ".new"
    If Not IsAscii(place) Then Set disk = Helper("Scripting.FileSystemObject")
    If disk Is Nothing Then
        If HasFile(beside) Then Kill beside
        bytes = said
        number = FreeFile
        Open beside For Binary Access Write As #number
        Put #number, , bytes
        Close #number
        If HasFile(place) Then Kill place
        Name beside As place
    Else
        With disk.CreateTextFile(beside, True, True)
            .Write said
            .Close
        End With
        If disk.FileExists(place) Then disk.DeleteFile place, True
        disk.MoveFile beside, place
    End If
End Sub

' The value of a line key=value; "" where there is none.
Public Function ValueOf(ByVal said As String, ByVal key As String) As String
    Dim lines_() As String, index As Long
    lines_ = Split(Replace(said, vbCr, ""), vbLf)
    For index = LBound(lines_) To UBound(lines_)
        If Left$(lines_(index), Len(key) + 1) = key & "=" Then ValueOf = Mid$(lines_(index), Len(key) + 2)
    Next index
End Function

' The first line of a text, without blanks around it.
Public Function FirstLine(ByVal said As String) As String
    FirstLine = Replace(said, vbCr, vbLf)
    If InStr(FirstLine, vbLf) > 0 Then FirstLine = Left$(FirstLine, InStr(FirstLine, vbLf) - 1)
    FirstLine = Trim$(FirstLine)
End Function

Public Function Quote(ByVal said As String) As String
    Quote = """" & said & """"
End Function

' Start a program without a window and without waiting for it.
Public Sub StartProgram(ByVal command_ As String)
    Dim host As Object
    If Not IsAscii(command_) Then Set host = Helper("WScript.Shell")
    If host Is Nothing Then
        Shell command_, 0
    Else
        host.Run command_, 0, False
    End If
End Sub

Private Function IsMac() As Boolean
    On Error Resume Next
    IsMac = (InStr(Application.OperatingSystem, "Mac") > 0)
End Function
