package lab

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/scenario"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// experiment is a scenario that the lab conducts, or the demo without one. The mu of the lab guards it.
type experiment struct {
	scenario *scenario.Scenario // nil for none
	began    time.Time
	before   testnet.Conditions // to return to in the end
	next     int                // step
	target   wire.ID            // of the last step that named one

	every  time.Duration // between lookups; 0 for none
	lookup time.Time     // when the next one begins
	rng    *rand.Rand    // chooses what is looked up

	meter gauge
	done  bool
}

// The pace of the lab.
const (
	measureEvery = time.Second
	lookedUp     = 50  // ranks that the lookups of a scenario are of
	ranked       = 500 // that a hash may have, as on the screen
)

func (l *Lab) newExperiment(s *scenario.Scenario, now time.Time) *experiment {
	x := &experiment{scenario: s, began: now, rng: testnet.NewRand(l.Seed + 11)}
	x.meter.begin(l)
	return x
}

// describe adds the experiment to a picture of the lab.
func (x *experiment) describe(s *State, now time.Time) {
	s.Truth = x.meter.measurements()
	if x.scenario == nil {
		return
	}
	s.Scenario, s.Running, s.Done = x.scenario.Name, min(now.Sub(x.began), x.scenario.For), x.done
	s.Verdicts = scenario.Judge(x.scenario, &s.Truth)
	if x.next < len(x.scenario.Steps) {
		step := &x.scenario.Steps[x.next]
		s.Next, s.NextIn = step.String(), max(x.began.Add(step.At).Sub(now), 0)
	}
}

// Work conducts and measures until ctx ends.
func (l *Lab) Work(ctx context.Context) {
	l.mu.Lock()
	l.exp.began = time.Now() // not when the network was built
	l.mu.Unlock()
	s := stranger{lab: l}
	defer s.leave()
	measured := time.Now()
	for {
		wait := time.NewTimer(l.untilDue(measured.Add(measureEvery)))
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-l.renewed:
			wait.Stop()
		case <-wait.C:
		}
		now := time.Now()
		l.takeSteps(ctx, now)
		if now.Sub(measured) >= measureEvery {
			measured = now
			if l.measure(now) {
				s.ping(ctx)
			}
		}
		l.conclude(ctx, now)
	}
}

// untilDue is how long nothing is to be done, given when the next measurement is due.
func (l *Lab) untilDue(due time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.exp
	if x.scenario != nil && !x.done {
		if x.next < len(x.scenario.Steps) {
			due = earlier(due, x.began.Add(x.scenario.Steps[x.next].At))
		}
		if x.every > 0 {
			due = earlier(due, x.lookup)
		}
		due = earlier(due, x.began.Add(x.scenario.For))
	}
	return max(time.Until(due), time.Millisecond)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// takeSteps does what is due by now.
func (l *Lab) takeSteps(ctx context.Context, now time.Time) {
	for {
		l.mu.Lock()
		x := l.exp
		if x.scenario == nil || x.done {
			l.mu.Unlock()
			return
		}
		var step *scenario.Step
		if x.next < len(x.scenario.Steps) && !now.Before(x.began.Add(x.scenario.Steps[x.next].At)) {
			step = &x.scenario.Steps[x.next]
			x.next++
			x.prepare(l, step, now)
		}
		target, due := wire.ID{}, false
		if step == nil {
			target, due = x.lookUp(l, now)
		}
		l.mu.Unlock()
		switch {
		case step != nil:
			l.take(step, x)
		case due:
			l.LookUp(target)
		default:
			return
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// prepare notes what a step means for the experiment. The mu of the lab is held.
func (x *experiment) prepare(l *Lab, step *scenario.Step, now time.Time) {
	x.target = l.resolve(step.Target, x.target)
	switch {
	case step.Lookups > 0:
		x.every, x.lookup = step.Lookups, now
	case step.Lookups < 0:
		x.every = 0
	}
	if step.Begin != nil || len(step.End) > 0 {
		x.meter.changed = now
	}
	if len(step.Set) > 0 || step.Begin != nil || len(step.Faults) > 0 || step.Network == scenario.Away {
		x.meter.troubled()
	}
	if step.Mended {
		x.meter.mend(now)
	}
}

// lookUp returns the hash that is to be looked up now, if it is time to. The mu of the lab is held.
func (x *experiment) lookUp(l *Lab, now time.Time) (target wire.ID, due bool) {
	if x.every <= 0 || now.Before(x.lookup) {
		return target, false
	}
	x.lookup = now.Add(x.every)
	return l.Network.Hash(x.rng.IntN(lookedUp))
}

// take lets a step happen. The target of the experiment is that of the step.
func (l *Lab) take(step *scenario.Step, x *experiment) {
	if len(step.Set) > 0 {
		l.Network.SetConditions(scenario.Apply(step.Set, l.Network.Conditions()))
	}
	for _, kind := range step.End {
		l.Network.End(kind)
	}
	if step.Begin != nil {
		i := *step.Begin
		i.Target = x.target
		if err := l.Network.Begin(i); err != nil {
			l.Warn("a step of the scenario failed: " + err.Error())
		}
	}
	if step.Faults != nil {
		l.Network.SetFaults(step.Faults)
	}
	l.Access.set(step.Network, step.Store)
	if step.Lookup {
		l.LookUp(x.target)
	}
	l.Changed()
}

// resolve returns the hash that a step is about: of a rank in our ranking if that has been requested, else of that rank
// among the torrents of the network.
func (l *Lab) resolve(t scenario.Target, before wire.ID) wire.ID {
	switch {
	case t.Rank > 0:
		if top := l.Ledger.Top(t.Rank, time.Now()); len(top) == t.Rank && top[t.Rank-1].Requests > 0 {
			return top[t.Rank-1].InfoHash
		}
		if hash, ok := l.Network.Hash(t.Rank - 1); ok {
			return hash
		}
	case t.Hash != wire.ID{}:
		return t.Hash
	}
	return before
}

// conclude ends a scenario whose time is over: it takes the last measurements, which its verdicts are of from now on.
func (l *Lab) conclude(ctx context.Context, now time.Time) {
	l.mu.Lock()
	x := l.exp
	over := x.scenario != nil && !x.done && !now.Before(x.began.Add(x.scenario.For))
	l.mu.Unlock()
	if !over {
		return
	}
	lost := Unmeasured
	if UsesStore(x.scenario) {
		lost = l.Lost(ctx)
	}
	rank := slices.IndexFunc(l.Ledger.Top(ranked, now), func(r ledger.HashRow) bool { return r.InfoHash == x.target })
	l.mu.Lock()
	x.meter.lost, x.meter.rank = lost, Unmeasured
	if rank >= 0 && x.target != (wire.ID{}) {
		x.meter.rank = rank + 1
	}
	x.done = true
	l.mu.Unlock()
	l.settle()
	l.Network.SetConditions(x.before)
	l.Changed()
}
