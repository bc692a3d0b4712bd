package watch

import "time"

// The budget of the lookups, in queries that we send.
const (
	smallRate  = 0.9  // packets/s of a list of up to smallList entries
	smallList  = 40   // beyond, each adds to the rate as much
	mostRate   = 10.0 // packets/s of any list
	planned    = 0.8  // of the rate; what is left is for confirmations
	costGuess  = 80.0 // packets of a lookup, until some were made
	costWeight = 0.05 // of the last one in their mean
	burst      = 10   // lookups that may be saved up

	newEvery = 5 * time.Second // between the first lookups of two new entries, which are beside the budget
)

// packetRate is the budget of a list of n entries in packets/s.
func packetRate(n int) float64 {
	return min(mostRate, smallRate*max(1, float64(n)/smallList))
}

// budget is a token bucket of packets.
type budget struct {
	tokens  float64
	filled  time.Time
	cost    float64   // packets of a lookup, the mean
	nextNew time.Time // when the next new entry has its turn
}

func newBudget() budget { return budget{tokens: costGuess * burst, cost: costGuess} }

// fill adds what has come since the last time.
func (b *budget) fill(now time.Time, perSecond float64) {
	if since := now.Sub(b.filled); !b.filled.IsZero() && since > 0 {
		b.tokens = min(b.tokens+since.Seconds()*perSecond, b.cost*burst)
	}
	b.filled = now
}

// spent takes in what a lookup cost.
func (b *budget) spent(packets int) {
	b.tokens -= float64(packets)
	if packets > 0 {
		b.cost += costWeight * (float64(packets) - b.cost)
	}
}

// firstTurn returns when a new entry is looked up for the first time.
func (b *budget) firstTurn(now time.Time) time.Time {
	if b.nextNew.Before(now) {
		b.nextNew = now
	}
	turn := b.nextNew
	b.nextNew = turn.Add(newEvery)
	return turn
}

// solvent returns how long it takes until there are tokens again.
func (b *budget) solvent(perSecond float64) time.Duration {
	return time.Duration(-b.tokens/perSecond*float64(time.Second)) + time.Millisecond
}
