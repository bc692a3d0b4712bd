package report

import (
	"strconv"
	"strings"
	"time"
)

// LeftOut is how many lines of one kind a log has left out. Name is snake case, such as lookup_step.
type LeftOut struct {
	Name  string
	Lines uint64
}

// AppendLeftOutLine appends a line of the plain log that says what is missing there since the last such line:
//
//	[ LEFT OUT ] Requested=1200 LookupStep=3
//
// Kinds of which nothing was left out are not there.
func AppendLeftOutLine(dst []byte, counts []LeftOut) []byte {
	p := eventLine{dst: dst}
	p.tag("LEFT OUT")
	for _, c := range counts {
		if c.Lines > 0 {
			p.number(camel(c.Name), int(c.Lines)) //nolint:gosec // lines of a log
		}
	}
	return append(p.dst, '\n')
}

// AppendLeftOut appends the same as an object, as AppendEvent writes events:
//
//	{"at":"..","kind":"left_out","requested":1200,"lookup_step":3}
func AppendLeftOut(dst []byte, at time.Time, counts []LeftOut) []byte {
	dst = append(append(append(dst, `{"at":"`...), Time(at)...), `","kind":"left_out"`...)
	for _, c := range counts {
		if c.Lines > 0 {
			dst = strconv.AppendUint(append(append(append(dst, `,"`...), c.Name...), `":`...), c.Lines, 10)
		}
	}
	return append(dst, "}\n"...)
}

// Time returns a time as all documents have it.
func Time(t time.Time) string { return string(appendTime(nil, t)) }

// camel makes LookupStep of lookup_step.
func camel(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		b.WriteString(strings.ToUpper(word[:min(1, len(word))]))
		b.WriteString(word[min(1, len(word)):])
	}
	return b.String()
}
