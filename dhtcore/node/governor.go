package node

import (
	"context"
	"math"

	"golang.org/x/time/rate"
)

// governor bounds the packets that we start. Replies pass it by.
type governor struct{ packets *rate.Limiter }

// burstSeconds is how much of the rate may be saved up: enough for a lookup to start at full width.
const burstSeconds = 0.5

func newGovernor(pps float64) governor {
	if pps <= 0 {
		return governor{}
	}
	return governor{rate.NewLimiter(rate.Limit(pps), int(math.Ceil(max(1, pps*burstSeconds))))}
}

// wait returns when one packet may go out, or with the error of ctx.
func (g governor) wait(ctx context.Context) error {
	if g.packets == nil {
		return ctx.Err()
	}
	return g.packets.Wait(ctx)
}
