package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/ui/transform"
	"dhtop/views/screen"
)

func TestSelectionFollowsTheHashWhileRanksMove(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("j")
		s.sees("▌   2  name of bb")
		time.Sleep(transform.ReorderEvery)
		s.show(scene("bb", "aa", "cc"))
		s.sees("▌   1▲ name of bb", "    2  name of aa") // one place down is no news
		time.Sleep(transform.ReorderEvery)
		s.show(scene("dd", "ee", "aa", "bb"))
		s.sees("▌   4▼ name of bb")
		time.Sleep(transform.ReorderEvery)
		s.show(scene("dd", "ee"))
		s.sees("▌   2  name of ee") // gone: the nearest row
		s.keys("y")
		if !strings.Contains(s.term.String(), "\x1b]52;c;") {
			t.Errorf("nothing was copied: %q", s.term.String())
		}
	})
}

func TestUntouchedSelectionStaysOnTop(t *testing.T) {
	play(t, func(s *stage) {
		time.Sleep(transform.ReorderEvery)
		s.show(scene("cc", "aa"))
		s.sees("▌   1▲ name of cc")
		time.Sleep(transform.HighlightedFor + time.Second)
		s.show(scene("cc", "aa"))
		s.sees("▌   1  name of cc") // the arrow has gone
	})
}

func TestKeysThatComeAtOnceAllCount(t *testing.T) {
	play(t, func(s *stage) {
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("jj")})
		s.sees("▌   3  name of cc")
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("Lxyz")})
		s.sees("look up xyz▏")
	})
}

func TestEscTwiceAtOnceIsTwoSteps(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("2", "z", "?")
		s.send(tea.KeyMsg{Type: tea.KeyEsc, Alt: true})
		s.sees("dhtop  ●")
		s.seesNot("help: ")
	})
}

func TestEscAndAKeyAtOnceAreBoth(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("2", "z")
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("c"), Alt: true})
		s.sees("dhtop  ●", "crawl started")
		s.keys("L")
		s.typed("two words")
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("b"), Alt: true})
		s.sees("look up two ▏words") // in a prompt it is a word back
	})
}

func TestMovingStaysInTheList(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("k", "k", "g")
		s.sees("▌   1  name of aa")
		s.keys("G", "j", "down", "ctrl+d")
		s.sees("▌   3  name of cc")
		s.keys("ctrl+u")
		s.sees("▌   1  name of aa")
		s.show(scene())
		s.keys("j", "G", "l")
		s.sees("no hashes seen yet: L looks one up")
	})
}

func TestLookupOfTheSelectedHashIsOpenedByEnterAndLeftByEsc(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("2", "j", "enter")
		s.sees("hash "+strings.Repeat("bb", 20), "None yet: l starts one")
		s.keys("enter")
		s.sees("no lookup of this hash yet: l starts one")
		s.keys("esc", "l")
		s.sees("looking up bbbbbbbb…: 4 shows it")
		if !slices.Equal(s.started, []dhtcore.ID{hash("bb")}) {
			t.Fatalf("started %v", s.started)
		}
		s.show(addLookup(addLookup(scene("aa", "bb"), "dd"), "bb"))
		s.keys("enter", "enter")
		s.sees("lookup "+strings.Repeat("bb", 20), "▌ bbbbbbbb")
		s.keys("enter") // the detail alone
		s.seesNot("lookup of")
		s.keys("enter")
		s.sees("shared bits")
		s.keys("esc")
		s.sees("lookup of")
		s.keys("esc")
		s.sees("hash " + strings.Repeat("bb", 20))
		s.keys("esc")
		s.sees("▌   2  bbbbbbbb")
		s.keys("esc", "esc", "esc")
		s.sees("routing table") // the overview; and esc has not quit
		if s.quit {
			t.Error("esc quit")
		}
	})
}

func TestSelectedLookupStaysWhenNewerOnesCome(t *testing.T) {
	play(t, func(s *stage) {
		snap := addLookup(addLookup(scene("aa"), "d1"), "d2")
		s.show(snap)
		s.keys("4", "j")
		s.sees("▌ d1d1d1d1")
		next := scene("aa")
		next.Lookups = snap.Lookups
		s.show(addLookup(next, "d3"))
		s.sees("▌ d1d1d1d1", "  d3d3d3d3")
		s.keys("l") // once more, and now the newest is wanted
		again := scene("aa")
		again.Lookups = next.Lookups
		s.show(addLookup(again, "d1"))
		if got := s.m.state.Lists[screen.LookupList].Row; got != 0 {
			t.Errorf("the new lookup is not selected: row %d", got)
		}
	})
}

func TestPromptKeepsWhatIsWrongAndSaysWhy(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("L")
		s.sees("look up ▏", "40 or 64 hex or 32 base32 digits")
		s.typed("xyz q")
		s.keys("enter")
		s.sees("look up xyz q▏", "! ")
		if len(s.started) > 0 || s.quit {
			t.Fatal("something was started, or q quit from the prompt")
		}
		s.keys("backspace")
		s.sees("40 or 64 hex") // the error goes with the first change
		s.keys("esc")
		s.seesNot("look up ▏")
		s.keys("L")
		s.typed(strings.Repeat("CC", 20))
		s.keys("enter")
		s.sees("looking up cccccccc…")
		if len(s.started) != 1 || s.started[0] != hash("cc") {
			t.Fatalf("started %v", s.started)
		}
		s.show(addLookup(addLookup(scene("aa"), "cc"), "ee"))
		s.sees("▌ cccccccc") // the one that was asked for, not the newest
		s.keys("esc")
		s.sees("┌ hashes")
	})
}

func TestALookupThatRanAlreadyIsSelectedWhenItIsAskedFor(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("l")
		next := doneLookup(scene("aa"), "aa") // it began before, and its end is the one that was waited for
		next.At = time.Now().Add(time.Second)
		next.Lookups[0].Started, next.Lookups[0].Elapsed = time.Now().Add(-time.Second), 2*time.Second
		s.show(addLookup(next, "ee"))
		s.keys("4")
		s.sees("▌ aaaaaaaa")
	})
}

func TestPastedMagnetOpensThePrompt(t *testing.T) {
	play(t, func(s *stage) {
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune("magnet:?xt=urn:btih:" + strings.Repeat("ab", 20) + "\n")})
		s.sees("look up magnet:?xt=urn:btih:abab")
		s.keys("enter")
		if len(s.started) != 1 || s.started[0] != hash("ab") {
			t.Fatalf("started %v", s.started)
		}
	})
}

func TestALinkWithSeveralHashesStartsTheirLookups(t *testing.T) {
	play(t, func(s *stage) {
		link := "magnet:?xt=urn:btih:" + strings.Repeat("ab", 20) + "&xt=urn:btmh:1220" + strings.Repeat("cd", 32)
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune(link)})
		s.keys("enter")
		if len(s.started) != 2 || !slices.Contains(s.started, hash("ab")) || !slices.Contains(s.started, hash("cd")) {
			t.Fatalf("started %v", s.started)
		}
		if len(s.learned) != 1 || len(s.learned[0]) != 2 {
			t.Errorf("learned %v", s.learned)
		}
		s.sees("looking up abababab… and 1 more")
		s.show(addLookup(addLookup(scene("aa"), "cd"), "ab"))
		s.sees("▌ abababab")
	})
}

func TestLookupThatIsRefusedIsToldInAToast(t *testing.T) {
	play(t, func(s *stage) {
		s.refuse = errRefused
		s.keys("l")
		s.sees("! " + errRefused.Error())
		time.Sleep(badToastFor + time.Second)
		s.show(s.snap)
		s.sees("? help")
	})
}

func TestFrozenPictureStaysWhileTheNodeGoesOn(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("space")
		s.sees(" frozen now (the node keeps running).  space resumes")
		taken := s.taken
		time.Sleep(12 * time.Second)
		s.show(scene("ff"))
		s.sees("frozen 12 s ago", "name of aa")
		if s.taken != taken {
			t.Errorf("took %d Snapshots while frozen", s.taken-taken)
		}
		s.keys("space")
		s.sees("name of ff")
		s.seesNot("frozen")
	})
}

func TestPanesByNumberAndTab(t *testing.T) {
	play(t, func(s *stage) {
		for key, title := range map[string]string{"1": "┌ routing table", "2": " hashes ──", "3": " routing table ──", "4": " lookups ──", "5": " packets ──", "6": " crawl ──", "9": "traffic by method"} {
			s.keys(key)
			s.sees(title)
		}
		s.keys("1", "tab", "tab")
		s.sees(" routing table ──")
		s.keys("shift+tab", "shift+tab", "shift+tab")
		s.sees(" log ──")
		s.keys("shift+tab")
		s.sees("▌traffic")
		s.keys("shift+tab")
		s.sees("Nothing is watched")
		s.keys("shift+tab")
		s.sees(" crawl ──")
		s.keys("7")
		s.sees(" crawl ──", "no tracker runs here: 'dhtop serve --tracker-http :6969' is one")
		s.keys("4")
		s.sees(" lookups ──", "No lookups yet")
		s.keys("l")
		s.sees("no lookups yet: L starts one")
		s.keys("2", "z")
		s.sees("dhtop  ●", " hash aaaa") // also here it says whether the node is alive
		s.seesNot(" hashes ──")
		s.keys("esc")
		s.sees("dhtop  ●", " hashes ──")
	})
}

func TestCrawlMaskAndHelp(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("c")
		s.sees("crawl started")
		running := scene("aa")
		running.Crawl.Running = true
		s.show(running)
		s.keys("c")
		if !slices.Equal(s.crawling, []bool{true, false}) {
			t.Errorf("crawl was set to %v", s.crawling)
		}
		s.keys("P")
		s.sees("addresses and our own ID are masked", "dhtop masked")
		s.seesNot("0101…0101")
		s.keys("?")
		s.sees("help: overview", "columns of the hashes")
		s.keys("ctrl+d", "ctrl+d")
		s.sees("look up the selected hash")
		s.keys("l")
		s.sees("the help is open: esc closes it")
		s.keys("3")
		s.sees("help: routing table")
		s.keys("esc")
		s.seesNot("help: ")
	})
}

func TestQuitting(t *testing.T) {
	for _, c := range []struct {
		keys  []string
		leave bool
	}{{[]string{"q"}, false}, {[]string{"Q"}, true}, {[]string{"ctrl+c"}, false}, {[]string{"L", "ctrl+c"}, false}} {
		play(t, func(s *stage) {
			s.keys(c.keys...)
			if !s.quit || s.m.keepFrame != c.leave {
				t.Errorf("%v: quit %v, leave the last frame %v", c.keys, s.quit, s.m.keepFrame)
			}
		})
	}
}

func TestEveryKeyBelongsToOneAction(t *testing.T) {
	owner := map[string]string{}
	for _, a := range Actions() {
		if a.Name == "" || a.Help == "" || a.Group == "" || a.Do == nil || len(a.Keys) == 0 {
			t.Errorf("%+v is not complete", a)
		}
		for _, k := range a.Keys {
			if owner[k] != "" {
				t.Errorf("%q belongs to %q and %q", k, owner[k], a.Name)
			}
			owner[k] = a.Name
		}
	}
}

// A frame of the whole would take gigabytes.
func TestOfAWindowWithoutEndAPartIsDrawn(t *testing.T) {
	play(t, func(s *stage) {
		s.show(nil)
		s.send(tea.WindowSizeMsg{Width: 65535, Height: 65535})
		s.screen()
		if s.m.width != maxWidth || s.m.height != maxHeight {
			t.Errorf("%d by %d, want %d by %d", s.m.width, s.m.height, maxWidth, maxHeight)
		}
	})
}

func TestNoKeyBreaksAnEmptyScreen(t *testing.T) {
	play(t, func(s *stage) {
		s.show(nil)
		for _, size := range []tea.WindowSizeMsg{{Width: 0, Height: 0}, {Width: 1, Height: 1}, {Width: 40, Height: 8}, {Width: 200, Height: 60}} {
			s.send(size)
			for _, pane := range []string{"1", "2", "3", "4", "5", "6", "7"} {
				for _, a := range Actions() {
					if a.Group == groupProgram && a.Name != "help" {
						continue
					}
					s.keys(pane)
					s.keys(KeyName(a.Keys[0]))
					if size.Width > 0 {
						s.screen()
					}
					s.keys("esc", "esc")
				}
			}
		}
	})
}
