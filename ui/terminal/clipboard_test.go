package terminal

import "testing"

func TestClipboardIsWrappedForMultiplexers(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want string
	}{
		{nil, "\x1b]52;c;YWI=\a"},
		{map[string]string{"TMUX": "/tmp/x", "TERM": "screen-256color"}, "\x1b]52;c;YWI=\a\x1bPtmux;\x1b\x1b]52;c;YWI=\a\x1b\\"},
		{map[string]string{"TERM": "screen.xterm"}, "\x1bP\x1b]52;c;YWI=\a\x1b\\"},
	} {
		if got := CopySequence("ab", func(k string) string { return c.env[k] }); got != c.want {
			t.Errorf("%v: %q, want %q", c.env, got, c.want)
		}
	}
}
