package ui

import (
	"encoding/base64"
	"strings"
	"testing"
)

// TestCopiesGetThroughMultiplexers presses y in a terminal, in tmux and in GNU Screen.
func TestCopiesGetThroughMultiplexers(t *testing.T) {
	value := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("aa", 20)))
	plain := "\x1b]52;c;" + value + "\a"
	for _, c := range []struct{ name, tmux, term, want string }{
		{"a terminal", "", "xterm-256color", plain},
		{"tmux", "/tmp/tmux-0/default,1,0", "tmux-256color", plain + "\x1bPtmux;\x1b" + plain + "\x1b\\"},
		{"screen", "", "screen.xterm-256color", "\x1bP" + plain + "\x1b\\"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("TMUX", c.tmux)
			t.Setenv("TERM", c.term)
			play(t, func(s *stage) {
				s.keys("y")
				s.sees("asked the terminal to copy the hash aaaaaaaa…")
				if got := s.term.String(); got != c.want {
					t.Errorf("wrote %q, want %q", got, c.want)
				}
			})
		})
	}
}

func TestNothingToCopyUnderAFilterIsTheFiltersFault(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("3", "/")
		s.typed("nobody has this client")
		s.keys("enter", "y")
		s.sees("no match: esc clears the filter")
		s.seesNot("the list is empty")
	})
}

// Clients read "+" in a link as a plus or as a space; "%20" is a space for all of them, and in what export writes.
func TestTheMagnetLinkIsCopiedAsExportWritesIt(t *testing.T) {
	play(t, func(s *stage) {
		s.snap.Hashes.Top[0].Name = "a b+c & d"
		s.keys("Y")
		link := "magnet:?xt=urn:btih:" + strings.Repeat("aa", 20) + "&dn=a%20b%2Bc%20%26%20d"
		if got, want := s.term.String(), "\x1b]52;c;"+base64.StdEncoding.EncodeToString([]byte(link))+"\a"; got != want {
			t.Errorf("wrote %q, want %q", got, want)
		}
	})
}
