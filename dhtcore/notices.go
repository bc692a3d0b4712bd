package dhtcore

import (
	"fmt"
	"sync"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/printable"
)

// topic is what a notice is about. Lower topics are shown first.
type topic uint8

const (
	aboutStore topic = iota
	aboutRanking
	aboutNetwork
	aboutTable
	aboutRecording
	topics
)

// notices are the sentences on the screen about what is wrong now, at most one a topic. Its lock guards them.
type notices struct {
	journal *journal.Journal

	mu     sync.Mutex
	texts  [topics]string
	outage Outage // that setNetwork shows
}

func newNotices(j *journal.Journal) *notices { return &notices{journal: j} }

// set shows one sentence until the next on its topic replaces it, and puts it into the journal when it is
// new. An empty text clears the topic.
func (n *notices) set(t topic, text string) {
	text = printable.String(text)
	n.mu.Lock()
	fresh := text != "" && n.texts[t] != text
	n.texts[t] = text
	n.mu.Unlock()
	if fresh {
		n.warn(text)
	}
}

// text returns the sentence on a topic, "" for none.
func (n *notices) text(t topic) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.texts[t]
}

// warn puts a sentence into the journal alone.
func (n *notices) warn(text string) {
	n.journal.Add(Event{Kind: journal.Warning, Text: printable.String(text)})
}

// setNetwork shows an outage and counts down to the next attempt to join. None clears the topic, and the journal
// says that the network is back.
func (n *notices) setNetwork(o Outage, now time.Time) {
	n.mu.Lock()
	before := n.outage
	n.outage = o
	n.mu.Unlock()
	if before.Offline() && before.Kind != NoHosts && o.Kind == NoOutage {
		n.warn("Back on the network after " + human.Age(max(now.Sub(before.Since), time.Second)) + ".")
	}
	n.set(aboutNetwork, o.Sentence()) // last: once it is gone from the screen, the journal has the sentence above
}

// all returns the notices as of now, the most important first.
func (n *notices) all(now time.Time) (all []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for t, text := range n.texts {
		if text == "" {
			continue
		}
		if wait := n.outage.NextTry.Sub(now).Round(time.Second); topic(t) == aboutNetwork && wait > 0 {
			text += fmt.Sprintf(" Next try in %d s.", wait/time.Second)
		}
		all = append(all, text)
	}
	return all
}

// Note puts an error of the screen into the journal, to be read there when it is no longer shown.
func (e *Explorer) Note(text string) { e.notices.warn(text) }
