package panes

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// The columns of the news: age, what happened, the name, and its figures.
const (
	newsAge     = 5
	newsWord    = 10
	newsFigures = 16
)

// newsWords are what the kinds of news are called.
var newsWords = [...]struct {
	word string
	role theme.Role
}{
	dhtcore.Rising:    {"rising", theme.Good},
	dhtcore.NewSwarm:  {"new", theme.Good},
	dhtcore.LostSeeds: {"no seeds", theme.Warn},
}

// drawNews draws what has changed among the hashes, the latest first.
func drawNews(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	if len(s.News.Items) == 0 {
		a.Shows(uint8(screen.NewsList), 0)
		x := a.Put(1, 0, theme.Dim, "none for ")
		x = a.Age(x, 0, theme.Dim, s.At.Sub(s.News.Since))
		if says := ": nothing rose, is new or lost its seeds"; x+text.Width(says) < a.W {
			a.Put(x, 0, theme.Dim, says)
		}
		return
	}
	list.Draw(a, st, screen.NewsList, len(s.News.Items), func(line canvas.Area, i int) {
		drawNewsItem(line, s, &s.News.Items[i])
	})
}

func drawNewsItem(line canvas.Area, s *dhtcore.Snapshot, n *dhtcore.NewsItem) {
	style := newsWords[int(n.Kind)%len(newsWords)]
	list.Since(line, canvas.Span{X: 2, W: newsAge}, s.At, n.At)
	x := 2 + newsAge + 2
	line.Put(x, 0, style.role, style.word)
	x += newsWord
	line.Right(line.W-1-newsFigures, 0, newsFigures, theme.Text, string(appendNewsFigures(line.Scratch(), n)))
	w := line.W - newsFigures - 2 - x
	if name := screen.NameOf(s, n.Hash); name != "" {
		line.Left(x, 0, w, theme.Text, name)
		return
	}
	line.ID(x, 0, theme.Text, n.Hash, min(max(w-1, 4), 2*len(n.Hash)))
}

// appendNewsFigures says how much of it there is.
func appendNewsFigures(b []byte, n *dhtcore.NewsItem) []byte {
	switch n.Kind {
	case dhtcore.Rising:
		b = append(human.AppendRate(b, n.Rise.Before), " to "...)
		return append(human.AppendRate(b, n.Rise.Now), "/min"...)
	case dhtcore.NewSwarm:
		b = append(human.AppendCount(b, uint64(max(n.Peers, 0))), human.Plural(n.Peers, " peer", " peers")...)
		if n.Others > 0 {
			b = human.AppendCount(append(b, ", +"...), uint64(n.Others))
		}
		return b
	default:
		return human.AppendCount(append(b, "had "...), uint64(max(n.Seeds, 0)))
	}
}
