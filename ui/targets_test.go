package ui

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// deck is a renderer's worth of targets, with what they ask for carried out, ticks excepted.
type deck struct {
	*targets
	quit bool
}

func (d *deck) send(msg tea.Msg) { d.run(d.update(msg)) }

func (d *deck) run(cmd tea.Cmd) { runCommand(cmd, d.send, &d.quit) }

func (d *deck) keys(keys string) {
	for _, r := range keys {
		d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
	}
}

func (d *deck) alt(digit rune) {
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{digit}, Alt: true})
}

// turnNodes runs a scenario on three nodes, each with hashes of its own.
func turnNodes(t *testing.T, scenario func(d *deck, see func(texts ...string))) {
	synctest.Test(t, func(t *testing.T) {
		var models []*Model
		names := []string{"one", "two", "three"}
		for i, hashes := range [][]string{{"a1", "a2", "a3"}, {"b1", "b2", "b3"}, {"c1", "c2", "c3"}} {
			snap := scene(hashes...)
			m := newModel(t.Context(), Core{Snapshot: func() *dhtcore.Snapshot { return snap },
				Link: func() screen.Link {
					return screen.Link{Name: names[i], Phase: screen.LinkConnected, Shown: true}
				}}.whole(),
				Config{Theme: theme.New("mono")}, new(bytes.Buffer))
			models = append(models, m)
		}
		d := &deck{targets: newTargets(models, names)}
		d.run(d.init())
		d.send(tea.WindowSizeMsg{Width: 120, Height: 30})
		scenario(d, func(texts ...string) {
			t.Helper()
			screen := d.current().View()
			for _, text := range texts {
				if !strings.Contains(screen, text) {
					t.Fatalf("%q is not on the screen:\n%s", text, screen)
				}
			}
		})
	})
}

func TestEachNodeKeepsWhatIsSeenOfIt(t *testing.T) {
	turnNodes(t, func(d *deck, see func(...string)) {
		see("▌● one", " ● two", "name of a1")
		d.keys("2j:a") // a prompt takes the keys of the screen
		d.keys(")")
		see("▌● one")
		d.send(tea.KeyMsg{Type: tea.KeyEsc})
		d.keys(")")
		see("▌● two", "name of b1", "┌ now ─")
		d.keys("P3")
		d.keys("(")
		see("▌● one", "name of a2", "dhtop masked")
		if d.models[0].state.Pane != screen.HashesPane || d.models[0].state.Lists[screen.HashList].Row != 1 {
			t.Error("the pane and the row of the first node have changed")
		}
		d.keys("((") // from the first to the last, and on
		see("▌● two")
		if d.models[1].state.Pane != screen.TablePane {
			t.Error("the pane of the second node has changed")
		}
		d.alt('3')
		see("▌● three", "name of c1")
		d.alt('9') // there is none
		see("▌● three")
		d.send(tea.MouseMsg{X: 10, Y: 0, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
		see("▌● two")
		if d.keys("q"); !d.quit {
			t.Error("q does not quit")
		}
	})
}

func TestANodeThatIsNotShownIsLookedAtOnceASecond(t *testing.T) {
	turnNodes(t, func(d *deck, _ func(...string)) {
		now := d.models[1].timer.lastKey
		if hidden, shown := d.models[1].timer.interval(now), d.models[0].timer.interval(now); hidden != awayInterval || shown >= hidden {
			t.Errorf("every %v, and the one that is shown every %v", hidden, shown)
		}
		d.keys(")")
		if d.models[1].timer.interval(d.models[1].timer.lastKey) != activeInterval || d.models[0].timer.interval(now) != awayInterval {
			t.Error("turning does not change it")
		}
	})
}

func TestTheResultOfAHiddenNodeReachesIt(t *testing.T) {
	turnNodes(t, func(d *deck, _ func(...string)) {
		waits := make(chan struct{})
		cmd := d.bound(0, tea.Batch(func() tea.Msg {
			<-waits
			return exportedMsg{export: export{path: "/tmp/x", exportContent: exportContent{what: "3 hashes"}}}
		}))
		d.keys(")")
		close(waits)
		for _, c := range []tea.Cmd{cmd} {
			d.run(c)
		}
		if got := d.models[0].toast.Text; got != "wrote 3 hashes to /tmp/x" || d.models[1].toast.Text != "" {
			t.Errorf("the first says %q, the second %q", got, d.models[1].toast.Text)
		}
	})
}

func TestOneNodeAloneHasNothingToTurn(t *testing.T) {
	play(t, func(s *stage) {
		s.keys(")")
		s.sees("one node is shown")
	})
}
