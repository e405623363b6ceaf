# Makes a manual page of section 5 from a sample configuration (docs/*.conf), so that both say the
# same: every comment becomes the description of the key below it.
#   awk -v name=player.conf -v daemon=loa-player -v date='November 22, 2026' -f conf-to-mdoc.awk FILE
function escape(text) {
    gsub(/\\/, "\\e", text)
    if (text ~ /^[.']/) text = "\\&" text
    return text
}
function paragraph(text) { if (text != "") { n = split(text, lines, "\n"); for (i = 1; i <= n; i++) print escape(lines[i]) } }
BEGIN {
    title = toupper(name)
    printf ".Dd %s\n.Dt %s 5\n.Os Loa\n.Sh NAME\n.Nm %s\n.Nd configuration of %s\n", date, title, name, daemon
    printf ".Sh DESCRIPTION\n"
}
/^# / || /^#$/ {
    line = substr($0, 3)
    if (line ~ /^  +[^ ]/) { sub(/^ +/, "", line); line = (comment == "" ? "" : comment "\n") line; comment = line; next }
    comment = comment == "" ? line : comment "\n" line
    next
}
/^\[/ {
    if (!started) {
        paragraph(comment)
        comment = ""
        printf ".Pp\nA group is written\n.Li [group] ,\na key\n.Li key=value ,\na comment has a line of its own that begins with\n.Li # .\n"
        printf ".Nm loa config check\ntells what is wrong with a file, with its line and a hint.\n"
        started = 1
    }
    if (listed) print ".El"
    group = substr($0, 2, length($0) - 2)
    printf ".Ss [%s]\n", group
    paragraph(comment); comment = ""
    print ".Bl -tag -width Ds"
    listed = 1
    next
}
/^[a-z_0-9]+=/ {
    split($0, pair, "=")
    value = substr($0, length(pair[1]) + 2)
    if (value == "") printf ".It Ic %s\n", pair[1]
    else printf ".It Ic %s Ns = Ns Ar %s\n", pair[1], escape(value)
    paragraph(comment); comment = ""
}
END {
    if (listed) print ".El"
    printf ".Sh FILES\n.Bl -tag -width Ds\n.It Pa /etc/loa/%s\nRead at every start of\n.Xr %s 8 .\nThe values above are those of the installed file.\n.El\n", name, daemon
    printf ".Sh SEE ALSO\n.Xr loa 1 ,\n.Xr %s 8\n", daemon
}
