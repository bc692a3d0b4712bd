package views

import (
	"testing"

	"dhtop/views/screen"
	"dhtop/views/theme"
)

func BenchmarkFrame(b *testing.B) {
	for p := range screen.Panes {
		b.Run(p.String(), func(b *testing.B) {
			s, st := fixture(), fixtureState(theme.New("dark"))
			st.Pane = p
			b.ReportAllocs()
			for b.Loop() {
				Frame(s, st, 200, 60)
			}
		})
	}
}

func TestAFrameAllocatesLittle(t *testing.T) {
	for p := range screen.Panes {
		s, st := fixture(), fixtureState(theme.New("dark"))
		st.Pane = p
		if n := testing.AllocsPerRun(20, func() { Frame(s, st, 200, 60) }); n > 50 {
			t.Errorf("%s: %v allocations", p, n)
		}
	}
}
