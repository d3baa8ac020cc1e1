"""The training recipe as data: optimisers, losses, schedules, penalties, class weights."""
