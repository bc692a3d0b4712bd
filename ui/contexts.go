package ui

import (
	"dhtop/dhtcore"
	"dhtop/views/report"
	"dhtop/views/screen"
)

// listContext is what the keys do in a list beside what its row in package screen says: what needs the Model.
type listContext struct {
	open  func(*Model)        // what enter does, in place of the row's Open
	opens func(*Model) string // what the hint line calls that; nil for the action's own word
	// what e exports
	export func(*screen.State, *dhtcore.Snapshot, report.Options) (exportContent, error)
}

// contexts has a row for every list that needs one.
var contexts = [screen.Lists]listContext{
	screen.HashList:    {open: (*Model).openHash, export: hashContent},
	screen.NewsList:    {open: (*Model).openNews},
	screen.NodeList:    {export: nodeContent},
	screen.LookupList:  {export: lookupContent},
	screen.StepList:    {export: lookupContent},
	screen.PeerList:    {export: lookupContent},
	screen.PacketList:  {export: packetContent},
	screen.FieldList:   {export: packetContent},
	screen.CellList:    {open: (*Model).openParts, export: crawlContent},
	screen.PartList:    {export: crawlContent},
	screen.LogList:     {open: (*Model).openEvent, export: logContent},
	screen.SwarmList:   {open: (*Model).openSwarm, export: swarmContent},
	screen.WatchList:   {open: (*Model).openWatched, export: watchContent},
	screen.DigestList:  {open: (*Model).openDigest},
	screen.LabList:     {open: (*Model).openLab, opens: labHint},
	screen.MethodList:  {export: methodContent},
	screen.ClientList:  {export: clientContent},
	screen.NetworkList: {export: networkContent},
	screen.FigureList:  {export: historyContent},
}
