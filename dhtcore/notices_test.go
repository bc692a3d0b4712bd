package dhtcore

import (
	"slices"
	"testing"

	"dhtop/dhtcore/journal"
)

func TestNoNoticeHidesAnother(t *testing.T) {
	n := newNotices(journal.New(journal.DefaultSize))
	n.set(aboutNetwork, "Nobody answers.")
	n.set(aboutStore, "The disk is full.")
	if all, want := n.all(noonUTC), []string{"The disk is full.", "Nobody answers."}; !slices.Equal(all, want) {
		t.Errorf("%q; want %q", all, want)
	}
	n.set(aboutStore, "")
	if all, want := n.all(noonUTC), []string{"Nobody answers."}; !slices.Equal(all, want) {
		t.Errorf("%q; want %q", all, want)
	}
}
