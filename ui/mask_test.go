package ui

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestMaskingHidesAddressesAndOurIDAlsoInCopies(t *testing.T) {
	play(t, func(s *stage) {
		s.show(doneLookup(scene("aa"), "d1"))
		s.sees("0101…0101")
		s.keys("4", "enter", "P")
		s.sees("10.0.x.x", "  masked ")
		s.keys("esc")
		s.seesNot("10.0.0.")
		s.keys("enter", "y")
		s.sees("copy the address 10.0.x.x")
		if want := base64.StdEncoding.EncodeToString([]byte("10.0.x.x")); !strings.Contains(s.term.String(), want) {
			t.Errorf("copied %q", s.term.String())
		}
		for _, pane := range []string{"1", "2", "3", "4", "5", "6", "7"} {
			s.keys(pane)
			s.sees("dhtop masked")
			s.seesNot("0101…0101")
			s.seesNot("10.0.0.")
		}
		s.keys("1", "P")
		s.sees("0101…0101", "addresses are shown")
		s.seesNot("masked  ●")
	})
}
