"""Small PyTorch modules for what torch.nn lacks, as text for backends/pytorch/source.py; imports nothing."""

SNIPPETS = {
    "Residual": '''
class Residual(nn.Module):
    """Adds what the layers give to what came in, or to a shortcut of it."""

    def __init__(self, layers, shortcut):
        super().__init__()
        self.layers, self.shortcut = layers, shortcut

    def forward(self, x):
        return self.layers(x) + self.shortcut(x)
''',
    "Branches": '''
class Branches(nn.Module):
    """Rows side by side on the same input, their maps joined."""

    def __init__(self, *rows):
        super().__init__()
        self.rows = nn.ModuleList(rows)

    def forward(self, x):
        return torch.cat([row(x) for row in self.rows], dim=1)
''',
    "Bias": '''
class Bias(nn.Module):
    """Adds a number for each map, or for each unit."""

    def __init__(self, *shape):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return x + self.bias
''',
    "PartialConv2d": '''
class PartialConv2d(nn.Module):
    """A convolution whose maps see some of the input's maps only: `table` has a row of their numbers for each map."""

    def __init__(self, channels, table, kernel_size, bias=True, **how):
        super().__init__()
        self.register_buffer("table", torch.tensor(table))
        maps, sees = self.table.shape
        self.channels, self.how = channels, how
        self.weight = nn.Parameter(torch.empty(maps, sees, *kernel_size).uniform_(-0.1, 0.1))
        self.bias = nn.Parameter(torch.zeros(maps)) if bias else None

    def forward(self, x):
        maps, sees, *window = self.weight.shape
        whole = self.weight.new_zeros(maps, self.channels, *window)
        whole = whole.index_put((torch.arange(maps)[:, None], self.table), self.weight)
        return F.conv2d(x, whole, self.bias, **self.how)
''',
    "LocallyConnected2d": '''
class LocallyConnected2d(nn.Module):
    """A convolution with kernels of its own at each place: the windows as columns, one product a place."""

    def __init__(self, channels, maps, kernel_size, places, stride):
        super().__init__()
        self.kernel_size, self.places, self.stride = kernel_size, places, stride
        self.weight = nn.Parameter(torch.empty(maps, channels, *kernel_size, *places).uniform_(-0.1, 0.1))

    def forward(self, x):
        windows = F.unfold(x, self.kernel_size, stride=self.stride)
        kernels = self.weight.flatten(1, 3).flatten(2)
        return torch.einsum("nwp,kwp->nkp", windows, kernels).unflatten(2, self.places)
''',
    "PresentAverage": '''
class PresentAverage(nn.Module):
    """The mean of those cells of a window that lie in the image; pads are (left, right, top, bottom)."""

    def __init__(self, window, stride, pads):
        super().__init__()
        self.window, self.stride, self.pads = window, stride, pads

    def sums(self, x):
        return F.avg_pool2d(F.pad(x, self.pads), self.window, self.stride, divisor_override=1)

    def forward(self, x):
        return self.sums(x) / self.sums(torch.ones_like(x[:1, :1]))
''',
    "L2Pool2d": '''
class L2Pool2d(nn.Module):
    """The root of the sum of squares. nn.LPPool2d has no gradient (NaN) where a window is all zero; this has 0."""

    def __init__(self, window, stride, ceil_mode=False):
        super().__init__()
        self.window, self.stride, self.ceil_mode = window, stride, ceil_mode

    def forward(self, x):
        squares = F.avg_pool2d(x * x, self.window, self.stride, ceil_mode=self.ceil_mode, divisor_override=1)
        return torch.where(squares > 0, squares, 1).sqrt() * (squares > 0)
''',
    "Maxout": '''
class Maxout(nn.Module):
    """The largest of every few neighbouring maps or numbers."""

    def __init__(self, pieces):
        super().__init__()
        self.pieces = pieces

    def forward(self, x):
        return x.unflatten(1, (-1, self.pieces)).max(dim=2).values
''',
    "ClassicDropout": '''
class ClassicDropout(nn.Module):
    """Zeros while training; afterwards all numbers times the share that was kept. nn.Dropout scales while training."""

    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.rate) if self.training else x * (1 - self.rate)
''',
}
