package wire

import (
	"strings"
	"testing"
)

func TestAnErrorIsASentenceWithItsCodeAndARemedy(t *testing.T) {
	for _, c := range []struct {
		err  Error
		says string
	}{
		{Error{Code: CodeValueTooBig}, "the value is too big (error 205): store at most 1000 bytes, bencoded"},
		{Error{CodeOldSeq, "sequence number less than current"},
			`a version as new or newer is stored (error 302, "sequence number less than current"): store one with a higher sequence number`},
		{Error{999, "no\x1b[2J\u202e" + strings.Repeat("x", 200)}, `the node refuses (error 999, "no`},
		{Error{}, "the node refuses (error 0)"},
	} {
		got := c.err.Error()
		if !strings.HasPrefix(got, c.says) || strings.ContainsAny(got, "\x1b\u202e") {
			t.Errorf("%+v: %q; want %q", c.err, got, c.says)
		}
	}
	for code := range codeNotes {
		if s := errorSentences[int(code)]; s.meaning == "" || s.remedy == "" {
			t.Errorf("code %d has no sentence", code)
		}
	}
}
