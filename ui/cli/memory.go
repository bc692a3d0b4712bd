package cli

import (
	"os"
	"runtime/debug"

	"dhtop/dhtcore"
)

// How hard garbage is collected. It trades a little of the processor for memory, where much does not change from one
// collection to the next. GOGC and GOMEMLIMIT of the environment stand above it.
const (
	demoGCPercent    = 30 // with the many nodes of the embedded network
	trackerGCPercent = 15 // with the swarms of a tracker, which hold no pointers to follow

	// demoMemory is how many bytes the explorer of the demo may take before it collects harder than demoGCPercent says: a
	// demo should not take much of a machine.
	demoMemory = 90 << 20
)

// saveMemory has the garbage of an Explorer collected as often as what it keeps asks for.
func saveMemory(c *dhtcore.Config) {
	switch {
	case os.Getenv("GOGC") != "":
	case c.Demo != nil:
		debug.SetGCPercent(demoGCPercent)
	case c.Tracker != nil:
		debug.SetGCPercent(trackerGCPercent)
	}
}

// limitDemoMemory is for the explorer of the demo, before it opens.
func limitDemoMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(demoMemory)
	}
}
