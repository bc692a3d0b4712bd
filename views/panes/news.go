package panes

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// The columns of the news: age, what happened, the figures of it, and then the name.
const (
	newsAge     = 5
	newsWord    = 11
	newsFigures = 17
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
		x := a.Put(1, 0, theme.Dim, "nothing rose, was born or lost its seeds in ")
		a.Age(x, 0, theme.Dim, s.At.Sub(s.News.Since))
		return
	}
	list.Draw(a, st, screen.NewsList, len(s.News.Items), func(line canvas.Area, i int) {
		drawNewsItem(line, s, &s.News.Items[i])
	})
}

func drawNewsItem(line canvas.Area, s *dhtcore.Snapshot, n *dhtcore.NewsItem) {
	style := newsWords[n.Kind]
	list.Since(line, canvas.Span{X: 2, W: newsAge}, s.At, n.At)
	x := 2 + newsAge + 2
	line.Put(x, 0, style.role, style.word)
	x += newsWord
	end := drawNewsFigures(line, x, n)
	if x += newsFigures; line.W < 60 {
		x = end + 1
	}
	if name := screen.NameOf(s, n.Hash); name != "" {
		line.Left(x, 0, line.W-x-1, theme.Text, name)
		return
	}
	line.ID(x, 0, theme.Text, n.Hash, min(max(line.W-x-2, 8), 2*len(n.Hash)))
}

// drawNewsFigures draws how much of it there is.
func drawNewsFigures(line canvas.Area, x int, n *dhtcore.NewsItem) int {
	switch n.Kind {
	case dhtcore.Rising:
		x = line.Rate(x, 0, theme.Dim, n.Rise.Before)
		x = line.Put(x, 0, theme.Dim, " to ")
		x = line.Rate(x, 0, theme.Text, n.Rise.Now)
		return line.Put(x, 0, theme.Dim, "/min")
	case dhtcore.NewSwarm:
		x = line.Count(x, 0, theme.Text, n.Peers)
		x = line.Put(x, 0, theme.Dim, human.Plural(n.Peers, " peer", " peers"))
		if n.Others > 0 {
			x = line.Put(x, 0, theme.Dim, ", +")
			x = line.Count(x, 0, theme.Text, n.Others)
		}
		return x
	default:
		x = line.Put(x, 0, theme.Dim, "had ")
		return line.Count(x, 0, theme.Text, n.Seeds)
	}
}
